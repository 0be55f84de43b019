"""Why rows and files come back, in Spanish: code -> (what is wrong, what to do)."""

from collections.abc import Mapping
from types import MappingProxyType

SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "required": ("Aquí no hay nada escrito.", "Escriba un valor."),
        "text.too_long": ("Tiene {length} caracteres, más de {limit}.", "Acórtelo a {limit} caracteres."),
        "text.control": (
            "Contiene un salto de línea o un carácter invisible.",
            "Escríbalo en una sola línea: {write}",
        ),
        "text.undecodable": (
            "Algunos bytes no se pueden leer en esta codificación.",
            "Guarde el archivo como UTF-8 o indique su codificación.",
        ),
        "text.kind": ("No es texto.", "Escríbalo como texto."),
        "amount.format": (
            "No es un importe.",
            "Escriba cifras con una sola marca decimal como máximo, por ejemplo {example}",
        ),
        "amount.negative": (
            "Aquí un importe no está por debajo de cero.",
            "Escriba 0 y envíe el abono como ajuste.",
        ),
        "amount.sign": ("Contiene un signo de moneda o letras.", "Escriba {write}"),
        "amount.digits": ("Sus cifras no son de 0 a 9.", "Escriba {write}"),
        "amount.mark": (
            "Sus marcas no corresponden a la marca decimal {decimal} de este archivo.",
            "Escríbalo como los demás importes o indique la marca decimal del archivo.",
        ),
        "amount.decimals": (
            "{currency} tiene {places} decimales; aquí hay más.",
            ("Escriba {places} decimales como máximo. Si la marca separa millares, indique la marca decimal "
             "del archivo."),
        ),
        "amount.too_large": ("Ninguna deuda es tan grande.", "Revise la cifra."),
        "amount.zero": ("Aquí un importe está por encima de cero.", "Escriba un importe u omita la fila."),
        "amount.below_zero": (
            "La parte {component} quedaría por debajo de cero.",
            "Quite como máximo lo que hay.",
        ),
        "rate.format": (
            "No es un tipo anual en porcentaje.",
            "Escriba un número de 0 a 1000, por ejemplo 18.00",
        ),
        "date.format": ("No es una fecha en el orden indicado {order}.", "Escríbala así: {example}"),
        "date.order": (
            "No es una fecha en el orden indicado {order}.",
            "Escriba {write} o indique el orden {other} para el archivo.",
        ),
        "date.impossible": ("Ese día no existe en el calendario.", "Revise el día y el mes."),
        "date.short_year": ("El año no tiene cuatro cifras de la era común.", "Escriba {write}"),
        "date.buddhist_year": ("El año es de la era budista.", "Escriba {write}"),
        "date.year": ("El año está demasiado lejos.", "Revise el año."),
        "date.future": ("Ese día aún no ha llegado.", "Revise la fecha."),
        "birth.age": (
            "Nadie de esa edad tiene una cuenta ({age} años).",
            "Revise la fecha de nacimiento o déjela vacía.",
        ),
        "currency.unknown": (
            "No es un código de moneda de ISO 4217.",
            "Escriba un código como USD, THB o VND.",
        ),
        "country.unknown": ("No es un código de país de ISO 3166.", "Escriba dos letras como US, TH o VN."),
        "language.unknown": (
            "No es una etiqueta de idioma (BCP 47).",
            "Escriba una etiqueta como en, th o zh-Hans.",
        ),
        "time_zone.unknown": (
            "No es una zona horaria de la lista de la IANA.",
            "Escriba un nombre como Asia/Bangkok.",
        ),
        "phone.invalid": (
            "No es un número de teléfono al que se pueda llamar en {country}.",
            "Escríbalo con su prefijo de país, por ejemplo {example}, o déjelo vacío.",
        ),
        "email.invalid": (
            "No es una dirección de correo electrónico.",
            "Escriba nombre@example.com o déjela vacía.",
        ),
        "id_last4.format": (
            "No son las cuatro últimas cifras o letras de un documento.",
            "Escriba exactamente cuatro, con los ceros delante, o déjelo vacío.",
        ),
        "status.unknown": (
            "No es ninguna de estas palabras: current, arrears, closed.",
            "Escriba una de ellas.",
        ),
        "status.late_but_current": (
            "La cuenta está al corriente y, sin embargo, tiene una fecha desde la que hay atraso.",
            "Deje vacía delinquent_since o escriba arrears como estado.",
        ),
        "status.arrears_without_date": (
            "La cuenta tiene atraso y le falta la fecha desde la que lo tiene.",
            "Escriba el día del vencimiento impagado más antiguo o current como estado.",
        ),
        "word.unknown": ("No es ninguna de estas palabras: {known}.", "Escriba una de ellas."),
        "code.format": (
            "No es un código.",
            "Escriba letras, cifras, puntos, guiones o guiones bajos, por ejemplo late_fee",
        ),
        "row.account_unknown": ("No existe esa cuenta.", "Envíe antes la cuenta o revise su referencia."),
        "row.account_closed": (
            "La cuenta no está abierta.",
            "Ábrala de nuevo con PUT /api/v1/accounts/… u omita la fila.",
        ),
        "row.account_currency": ("La cuenta se lleva en {currency}.", "Escriba el importe en {currency}."),
        "transaction.differs": (
            "Ya se comunicó un movimiento con esta referencia y otras cifras.",
            "Dé a cada movimiento una referencia propia.",
        ),
        "lines.differ": (
            "Las líneas de la cuenta suman {sum} y su saldo es {balance} (unidades mínimas).",
            "Envíe seguidas todas las líneas de una cuenta; juntas son su saldo.",
        ),
        "lines.too_many": (
            "Una cuenta tiene {limit} líneas como máximo.",
            "Reúna las más antiguas en una sola línea.",
        ),
        "recall.guarded": (
            "Algo lo impide: {guards}.",
            "Espere a que termine o escriba yes en la columna force.",
        ),
        "file.empty": (
            "El archivo no tiene filas.",
            "Envíe un archivo cuya primera fila nombre las columnas.",
        ),
        "file.columns": (
            "Faltan columnas: {missing}.",
            "Añádalas o asigne a ellas los nombres del archivo (opción map: suyo=nuestro).",
        ),
        "file.columns_doubled": ("Hay columnas repetidas: {doubled}.", "Deje una de cada."),
        "file.mapping": (
            "La asignación nombra columnas que no existen: {unknown}.",
            "Use los nombres de docs/import.md.",
        ),
        "file.encoding_unclear": (
            "La codificación no se puede saber con certeza por el archivo.",
            "Indíquela: una de {known}.",
        ),
        "file.encoding_unknown": ("Esta codificación no se lee: {encoding}.", "Use una de {known}."),
        "file.encoding_wrong": (
            "El archivo no está en la codificación indicada {encoding}.",
            "Indique otra o guárdelo como UTF-8.",
        ),
        "file.separator_unclear": (
            "La primera fila no tiene separador.",
            "Separe las celdas con coma, punto y coma o tabulador.",
        ),
        "file.decimal_unclear": (
            "Una marca de los importes podría ser la decimal o separar millares.",
            "Indique la marca decimal del archivo: punto o coma.",
        ),
        "file.decimal_mixed": (
            "Unos importes llevan punto decimal y otros coma decimal.",
            "Escríbalos todos igual o indique la marca decimal; los demás volverán.",
        ),
        "file.quote_open": (
            ("Una comilla abierta en la fila {row} no se cierra nunca, o una celda supera los {limit} "
             "caracteres."),
            "Ciérrela; no se tomó nada del archivo.",
        ),
        "file.binary": ("El archivo no es texto ni un libro de cálculo.", "Envíe CSV, XLSX o líneas JSON."),
        "file.too_wide": ("La primera fila tiene {found} celdas, más de {limit}.", "Revise el separador."),
        "file.kind": (
            "El nombre del archivo no dice qué contiene.",
            "Empiécelo por accounts, transactions, lines o recalls.",
        ),
        "file.options": (
            "No se pueden leer las opciones que están junto a los archivos: {problem}",
            "Corrija import.json y envíe de nuevo el archivo.",
        ),
        "workbook.broken": (
            "El libro de cálculo no se puede leer.",
            "Guárdelo de nuevo como .xlsx o como CSV en UTF-8.",
        ),
        "workbook.too_large": (
            "Descomprimido, el libro de cálculo supera los {limit} MB.",
            "Envíelo como CSV.",
        ),
        "workbook.ratio": (
            "El libro está demasiado comprimido para serlo.",
            "Guárdelo de nuevo o envíelo como CSV.",
        ),
        "workbook.macros": ("El libro contiene macros.", "Guárdelo sin macros (.xlsx) o como CSV."),
        "workbook.entities": (
            "El libro define entidades, cosa que ningún programa hace.",
            "Guárdelo de nuevo o como CSV.",
        ),
        "row.cells": (
            "La fila tiene {found} celdas y la primera {wanted}.",
            "Revise los separadores y las comillas de esta fila.",
        ),
        "row.quote": (
            "Hay una comilla donde no puede haberla.",
            "Duplique las comillas dentro de una celda.",
        ),
        "row.not_object": ("La línea no es un objeto JSON.", "Escriba un objeto JSON por línea."),
        "row.duplicate": (
            "La misma cuenta está en una fila anterior de este archivo.",
            "Deje una fila por cuenta.",
        ),
        "row.person_differs": (
            "Una fila anterior de este archivo describe de otro modo a la misma persona.",
            "Escriba a la misma persona igual en cada una de sus filas.",
        ),
        "row.currency_changed": (
            "La cuenta se conoce en {before}.",
            "Una cuenta conserva su moneda: envíe esta deuda con una referencia propia.",
        ),
        "row.debtor_changed": (
            "La cuenta se conoce con otra persona.",
            "Una cuenta conserva su titular: retírela y envíe la deuda con una referencia propia.",
        ),
        "creditor.too_many": (
            "El archivo nombra más de {limit} acreedores que aún no se conocen.",
            "Revise la columna de acreedores o créelos antes.",
        ),
        "kept.plan_active": (
            "Hay un plan firmado en curso: las cifras de la cuenta se quedan como están.",
            "Cambie el plan o acuérdelo con la persona; una importación nunca altera un plan firmado.",
        ),
        "kept.missing": (
            ("El archivo debe tener todas las cuentas abiertas y le falta esta: la cuenta se queda como "
             "está."),
            "Retírela o envíela de nuevo; una importación nunca borra.",
        ),
        "kept.recalled": (
            "La cuenta fue retirada: se queda así.",
            "Envíela con PUT /api/v1/accounts/… para abrirla de nuevo.",
        ),
        "kept.settled": (
            "El portal tiene la cuenta por saldada; el archivo dice que se debe algo.",
            "Anote los pagos en el sistema de gestión o abra la cuenta de nuevo con PUT /api/v1/accounts/…",
        ),
        "kept.plan_requoted": (
            "Hay un plan firmado en curso: rige hasta que la persona firme el nuevo plan con estas cifras.",
            "No hay nada que hacer: se avisa a la persona, que puede seguir con el plan firmado.",
        ),
        "kept.plan_frozen": (
            "Hay un plan firmado en curso: queda en reposo hasta que alguien de su lado decida.",
            "Responda al caso que se abrió en la consola.",
        ),
    }
)  # fmt: skip
