// Everything works without this file. With it: the slider and the box keep in step, the error summary takes the
// focus, a visit warns before it ends by itself, and an answer that did not arrive is said.
(function () {
  "use strict";
  var root = document;

  function number(text, point) {
    return parseFloat(text.replace(/[^0-9.,-]/g, "").split(point === "," ? "." : ",").join("").replace(",", "."));
  }

  function pointOf(box) {
    return /,\d{1,2}$/.test(box.value) ? "," : ".";
  }

  root.addEventListener("input", function (event) {
    var moved = event.target, box, slider, value, decimals, point;
    if (moved.matches("input[type=range][data-box]")) {
      box = root.getElementById(moved.getAttribute("data-box"));
      point = box.getAttribute("data-point") || pointOf(box);
      box.setAttribute("data-point", point);
      decimals = (moved.getAttribute("min").split(".")[1] || "").length;
      box.value = parseFloat(moved.value).toFixed(decimals).replace(".", point);
    } else if (moved.id && (slider = root.querySelector("input[data-box='" + moved.id + "']"))) {
      value = number(moved.value, pointOf(moved));
      if (!isNaN(value)) { slider.value = value; }
    }
  });

  // Enter in the box sends the form by its last button, not by the first one, which is the minus.
  root.addEventListener("keydown", function (event) {
    var form = event.target.form, buttons;
    if (event.key !== "Enter" || !form || !event.target.closest(".dial") || event.target.tagName !== "INPUT") { return; }
    buttons = form.querySelectorAll("button:not([name=move])");
    if (buttons.length) { event.preventDefault(); buttons[0].click(); }
  });

  // The server decides the amount: after its answer the box and the slider show what it took.
  root.addEventListener("htmx:afterSettle", function () {
    var last = root.getElementById("last"), box = root.getElementById("amount"), slider;
    if (!last || !box) { return; }
    box.value = last.getAttribute("data-shown");
    slider = root.querySelector("input[data-box='amount']");
    if (slider) { slider.value = last.value; }
  });

  function focusErrors() {
    var summary = root.getElementById("errors");
    if (summary) { summary.focus(); }
  }
  focusErrors();

  // After an answer: errors first, else the sentence is read out from a place that was there all along.
  root.addEventListener("htmx:afterSettle", function (event) {
    var said = root.getElementById("said"), words = event.target.querySelector && event.target.querySelector(".say");
    if (event.target.querySelector && event.target.querySelector("#errors")) { focusErrors(); }
    else if (said && words) { said.textContent = words.textContent; }
  });

  function say(id) {
    var note = root.getElementById(id);
    if (note) { note.hidden = false; note.querySelector("button, a").focus(); }
  }
  root.addEventListener("click", function (event) {
    if (event.target.closest("#not-arrived button")) { root.getElementById("not-arrived").hidden = true; }
  });
  root.addEventListener("htmx:responseError", function () { say("not-arrived"); });
  root.addEventListener("htmx:sendError", function () { say("not-arrived"); });

  // The warning before a visit ends by itself; any answer of the server starts the time again.
  var idle = root.getElementById("idle"), timer;
  function wait() {
    clearTimeout(timer);
    idle.hidden = true;
    timer = setTimeout(function () { say("idle"); }, 1000 * idle.getAttribute("data-seconds"));
  }
  if (idle) {
    wait();
    root.addEventListener("htmx:afterRequest", wait);
    idle.querySelector("form").addEventListener("submit", function (event) {
      event.preventDefault();
      fetch(this.action, { method: "POST", body: new URLSearchParams(new FormData(this)), headers: { Accept: "application/json" } })
        .then(function (answer) { if (answer.ok) { wait(); } else { location.assign("/come-back"); } })
        .catch(function () { say("not-arrived"); });
    });
  }

  // A page that the browser took from its memory after signing out asks the server again.
  window.addEventListener("pageshow", function (event) { if (event.persisted && idle) { location.reload(); } });
})();
