"""How printed documents look. Only fonts of the house's own fontconfig are named; each script has its own family.

Chinese has one bold face, "Noto Sans CJK TC"; it holds the shapes of every region and takes those of the text's `lang`.
"""

STYLE = """
@page { size: A4; margin: 20mm 18mm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt } }
html { font-family: "Noto Sans", "Noto Sans Thai", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans CJK SC",
  sans-serif; font-size: 10.5pt; line-height: 1.5; color: #221a29 }
:lang(ar) { font-family: "Noto Sans", "Noto Sans Arabic", sans-serif; line-height: 1.7 }
:lang(th) { font-family: "Noto Sans", "Noto Sans Thai", sans-serif; line-height: 1.7 }
:lang(hi) { font-family: "Noto Sans", "Noto Sans Devanagari", sans-serif; line-height: 1.7 }
:lang(vi) { font-family: "Noto Sans", sans-serif }
:lang(zh-Hant) { font-family: "Noto Sans", "Noto Sans CJK TC", sans-serif }
:lang(zh-Hans) { font-family: "Noto Sans", "Noto Sans CJK SC", sans-serif }
h1 { font-size: 16pt } h2 { font-size: 16pt } h3 { font-size: 12pt; margin-top: 6mm }
h1, h2, h3, h4 { break-after: avoid }
table { width: 100%; border-collapse: collapse; font-size: 9.5pt } tr { break-inside: avoid }
caption { text-align: start; font-weight: 700 }
th, td { text-align: start; vertical-align: top; padding: 1mm 2mm; border-bottom: .3pt solid #bccbc2 }
th { font-weight: 700; color: #443b4b } .num { text-align: end } dl { margin: 0 }
dl > div { padding: 1.5mm 0; border-top: .3pt solid #bccbc2; break-inside: avoid }
dt { color: #443b4b; font-size: 9pt } dd { margin: 0; font-weight: 700; overflow-wrap: anywhere }
.sum > div { display: flex; justify-content: space-between } .sum dt { font-size: 10pt }
.sum { break-inside: avoid } .total { border-top: 1pt solid #221a29 } details summary { list-style: none }
.seal { margin-top: 10mm; padding: 4mm; border: .5pt solid #6a6272; break-inside: avoid }
.log { margin-top: 8mm; font-size: 8.5pt } .log td { overflow-wrap: anywhere } .log dd, .code { font-weight: 400 }
.code { font-size: 8pt; overflow-wrap: anywhere }
.from { margin: 0 0 9mm; font-size: 9pt; color: #443b4b } .from b { font-size: 11pt; color: #221a29 }
.to { margin: 0 } .on { margin: 2mm 0 8mm; font-size: 9.5pt; color: #443b4b }
.check { margin-top: 8mm; padding-top: 3mm; border-top: .3pt solid #bccbc2; font-size: 8.5pt; color: #443b4b }
.boxes { list-style: none; padding: 0 } .boxes li { padding-block: 1.5mm }
.boxes li::before { content: ""; display: inline-block; width: 3mm; height: 3mm; border: .6pt solid #221a29;
  margin-inline-end: 3mm; vertical-align: -.4mm }
.sum + .rows { margin-top: 5mm }
b, strong, h1, h2, h3, h4, th, dd, caption, h2 *, dd * { font-family: "Noto Sans", "Noto Sans Thai",
  "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans CJK TC", sans-serif !important }
.stop:lang(zh-Hans), dd .stop:lang(zh-Hans) { font-family: "Noto Sans CJK SC", sans-serif !important }
"""
