// What every page of the front desk shares: posting a change, and saying what came of it.
//
// desk.post(url, data)  posts a change. Resolves to {status, answer}; the answer is
//                       {said, undo, refused, alternatives}. Fires "desk:changed" when it was done.
// desk.say(answer, {choose})  shows it for ten seconds or more, with Undo. `choose` is called with
//                       the alternative that is clicked; without it they are not shown.
//
// A button with data-post="<address>" posts, with its data-seen and data-until. With
// data-ask="<field>" a dialog asks for that first (data-ask-title, -label, -does).
// In a page with [data-reloads], what was done is said after the page was loaded anew.
// data-book='{"patient": …}' opens the drawer.
window.desk = (() => {
  const STAYS = 10000; // milliseconds
  const SIGNED_OUT = "You are signed out. Please sign in again; nothing was changed.";
  const UNKNOWN = "No answer came. Please look whether it was done before you try again.";
  const SAID = "desk-said"; // what is said once the page is loaded anew
  let leaving = 0;

  const refusal = (said) => ({ said, undo: null, refused: true, alternatives: [] });

  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  const inForm = (data) => {
    const form = new URLSearchParams();
    for (const [name, value] of data instanceof FormData ? data : Object.entries(data ?? {})) {
      for (const one of [value].flat()) {
        if (one !== null && one !== undefined) form.append(name, one);
      }
    }
    return form;
  };

  const read = async (response) => {
    if (response.type === "opaqueredirect") return refusal(SIGNED_OUT);
    try {
      return await response.json();
    } catch {
      return refusal(response.status === 403 ? "Your account may not do this." : UNKNOWN);
    }
  };

  const post = async (url, data) => {
    let response;
    try {
      response = await fetch(url, {
        method: "POST",
        body: inForm(data),
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
        redirect: "manual",
      });
    } catch {
      return { status: 0, answer: refusal(UNKNOWN) };
    }
    const answer = await read(response);
    if (response.ok) document.dispatchEvent(new CustomEvent("desk:changed", { detail: answer }));
    return { status: response.status, answer };
  };

  const toast = () => {
    let shown = document.getElementById("desk-toast");
    if (!shown) {
      shown = document.createElement("div");
      shown.id = "desk-toast";
      shown.setAttribute("role", "status");
      document.body.append(shown);
      for (const name of ["mouseenter", "focusin"]) shown.addEventListener(name, stay);
      for (const name of ["mouseleave", "focusout"]) shown.addEventListener(name, leaveLater);
    }
    return shown;
  };

  const stay = () => clearTimeout(leaving);

  const leaveLater = () => {
    stay();
    leaving = setTimeout(() => {
      if (!toast().matches(":hover, :focus-within")) hide();
    }, STAYS);
  };

  const hide = () => {
    stay();
    toast().replaceChildren();
  };

  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  };

  const say = (answer, { choose } = {}) => {
    const text = document.createElement("p");
    text.textContent = answer.said;
    const buttons = [];
    if (choose) {
      for (const one of answer.alternatives ?? []) {
        buttons.push(button(one.label, () => { hide(); choose(one); }));
      }
    }
    if (answer.undo) {
      const undo = button("Undo", () => takeBack(answer.undo));
      undo.dataset.undo = "";
      buttons.push(undo);
    }
    const close = button("×", hide);
    close.setAttribute("aria-label", "Close");
    const said = document.createElement("div");
    said.className = answer.refused ? "desk-said refused" : "desk-said";
    said.append(text, ...buttons, close);
    toast().replaceChildren(said);
    leaveLater();
  };

  const takeBack = async (url) => {
    hide();
    const { answer } = await post(url);
    tell(answer);
  };

  // A page about what was changed is loaded anew first: see [data-reloads].
  const tell = (answer) => {
    if (answer.refused || !document.querySelector("[data-reloads]")) {
      say(answer);
      return;
    }
    sessionStorage.setItem(SAID, JSON.stringify(answer));
    window.location.reload();
  };

  document.addEventListener("DOMContentLoaded", () => {
    const said = sessionStorage.getItem(SAID);
    sessionStorage.removeItem(SAID);
    if (said) say(JSON.parse(said));
  });

  const ask = (button) => new Promise((resolve) => {
    const { ask: name, askTitle, askLabel, askDoes } = button.dataset;
    const dialog = document.createElement("dialog");
    dialog.className = "desk-dialog";
    const form = document.createElement("form");
    form.method = "dialog";
    const title = document.createElement("h2");
    title.id = "desk-dialog-title";
    title.textContent = askTitle;
    dialog.setAttribute("aria-labelledby", title.id);
    const label = document.createElement("label");
    const field = document.createElement("input");
    Object.assign(field, { name, maxLength: 500, autocomplete: "off", autofocus: true });
    label.append(askLabel, field);
    const does = document.createElement("button");
    Object.assign(does, { className: "desk-button main", value: "yes", textContent: askDoes });
    const back = document.createElement("button");
    Object.assign(back, { className: "desk-button", type: "button", textContent: "Back" });
    back.addEventListener("click", () => dialog.close());
    const row = document.createElement("div");
    row.append(back, does);
    form.append(title, label, row);
    dialog.append(form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      document.getElementById(button.id)?.focus();
      resolve(dialog.returnValue === "yes" ? { [name]: field.value } : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });

  const press = async (button) => {
    if (button.getAttribute("aria-disabled") === "true") return;
    const typed = button.dataset.ask ? await ask(button) : {};
    if (!typed) return;
    button.setAttribute("aria-disabled", "true"); // no second click before the answer
    const { post: address, seen, until } = button.dataset;
    const { answer } = await post(address, { seen, until, ...typed });
    button.removeAttribute("aria-disabled");
    tell(answer);
  };

  const open = (detail) => document.dispatchEvent(new CustomEvent("desk:book", { detail }));

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-post], [data-book]");
    if (button?.dataset.post) press(button);
    else if (button) open(JSON.parse(button.dataset.book));
  });

  const isField = (element) => element.matches?.("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    const said = document.querySelector("#desk-toast .desk-said");
    if (!said) return;
    if (event.key === "Escape") hide();
    const undoes = event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (undoes && !isField(event.target)) {
      event.preventDefault();
      said.querySelector("[data-undo]")?.click();
    }
  });

  // The theme hides a page until its own script has run: for the browser's autofocus that is too late.
  document.addEventListener("alpine:initialized", () => requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
  }));

  return { post, say, hide, isField, token };
})();
