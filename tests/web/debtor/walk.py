"""A debtor's way through pages and forms, as a browser without JavaScript takes it."""

import re

import html5lib


class Walk:
    """Follows links and posts forms by what the page itself says: action, hidden fields, buttons."""

    def __init__(self, client):
        self.client = client
        self.page = None
        self.path = None

    def go(self, path, **more):
        self.page = self.client.get(path, **more)
        self.path = path
        return self._follow()

    def _follow(self):
        hops = 0
        while self.page.status_code == 303 and self.page.location.startswith("/"):
            self.path = self.page.location
            self.page = self.client.get(self.path)
            hops += 1
            assert hops < 5
        return self

    @property
    def tree(self):
        return html5lib.parse(self.page.get_data(as_text=True), namespaceHTMLElements=False)

    @property
    def text(self):
        return " ".join(" ".join(self.tree.find(".//main").itertext()).split())

    @property
    def heading(self):
        return " ".join(" ".join(self.tree.find(".//h1").itertext()).split())

    def forms(self):
        return [form for form in self.tree.find(".//main").iter("form") if form.get("method") == "post"]

    def submit(self, *, action=None, press=None, **values):
        """Post the form whose action ends so (or the only one), by a button's name or form action where given."""
        form = next(f for f in self.forms() if action is None or f.get("action").endswith(action))
        data = {f.get("name"): f.get("value", "") for f in form.iter("input") if _counts(f)}
        for select in form.iter("select"):
            chosen = [o for o in select.iter("option") if o.get("selected") is not None] or list(
                select.iter("option")
            )
            data[select.get("name")] = chosen[0].get("value")
        target = form.get("action")
        if press:
            button = next(b for b in form.iter("button") if b.get("formaction", "").endswith(press))
            target = button.get("formaction")
        self.page = self.client.post(target, data={k: v for k, v in {**data, **values}.items() if k})
        self.path = target
        return self._follow()

    def agree_to_records(self):
        """Agree to electronic records, with the code out of the text where one is asked for."""
        codes = [p for p in self.tree.iter("p") if p.get("class") == "reading"]
        code = re.search(r"[0-9]{4}", "".join(codes[0].itertext()))[0] if codes else ""
        return self.submit(action="/consent", records="1", code=code)


def _counts(field):
    kind = field.get("type", "text")
    return kind not in ("radio", "checkbox") or field.get("checked") is not None
