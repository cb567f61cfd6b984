// What every page of the front desk shares: posting a change, and saying what came of it.
//
// desk.post(url, data)  posts a change. Resolves to {status, answer}; the answer is
//                       {said, undo, refused, alternatives}. Fires "desk:changed" when it was done,
//                       or refused since it is not as the page shows it.
// desk.say(answer, {choose})  shows it for ten seconds or more, with Undo. `choose` is called with
//                       the alternative that is clicked; without it they are not shown. Ctrl-Z takes
//                       the last change back for five minutes, also on another page.
// desk.tell(answer)     says it, and loads a page with [data-reloads] anew first.
// desk.hasTyped()       whether something typed on this page would be lost with it.
// desk.leavable(dialog, isTyped)  closes the dialog by Esc, and by what is returned for its other
//                       ways out; asks first if isTyped() says that something would be lost.
//
// A button with data-post="<address>" posts, with its data-seen and data-until. With
// data-ask="<field>" a dialog asks for that first (data-ask-title, -label, -does).
// In a page with [data-reloads], what was done is said after the page was loaded anew.
// data-book='{"patient": …}' opens the drawer. [data-whole-date] is a date field whose change is
// told once the whole date is typed.
window.desk = (() => {
  const STAYS = 10000; // milliseconds
  const UNDOABLE = 5 * 60000; // by Ctrl-Z
  const NOT_NOW = 409; // refused, since it is not as this page shows it
  const SIGNED_OUT = "You are signed out. Please sign in again; nothing was changed.";
  const UNSAVED = "What you typed on this page is not saved yet. Please save it first.";
  const TYPED = "What you typed here is not saved yet.";
  const UNKNOWN = "No answer came. Please look whether it was done before you try again.";
  const SAID = "desk-said"; // what is said once the page is loaded anew
  let leaving = 0;
  const UNDO = "desk-undo"; // the address that takes the last change back, and until when

  const refusal = (said) => ({ said, undo: null, refused: true, alternatives: [] });

  // The cookie's: whoever signs in again in another tab gets another one, in all tabs.
  const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";

  const renewToken = (form) => {
    const field = form.querySelector("[name=csrfmiddlewaretoken]");
    if (field && token()) field.value = token();
  };

  document.addEventListener("submit", (event) => renewToken(event.target), { capture: true });
  document.addEventListener("htmx:configRequest", (event) => {
    const { parameters } = event.detail;
    if (parameters.csrfmiddlewaretoken && token()) parameters.csrfmiddlewaretoken = token();
  });

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
    if (response.ok || response.status === NOT_NOW) document.dispatchEvent(new CustomEvent("desk:changed", { detail: answer }));
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
      sessionStorage.setItem(UNDO, JSON.stringify({ url: answer.undo, until: Date.now() + UNDOABLE }));
      buttons.push(button("Undo", () => takeBack(answer.undo)));
    }
    const close = button("×", hide);
    close.setAttribute("aria-label", "Close");
    const said = document.createElement("div");
    said.className = answer.refused ? "desk-said refused" : "desk-said";
    said.append(text, ...buttons, close);
    toast().replaceChildren(said);
    leaveLater();
  };

  // It outlives the page: who drags a visit and opens another page may still take it back.
  const lastUndo = () => {
    const kept = JSON.parse(sessionStorage.getItem(UNDO));
    return kept && Date.now() < kept.until ? kept.url : null;
  };

  const takeBack = async (url) => {
    hide();
    if (wouldLose()) {
      say(refusal(UNSAVED));
      return;
    }
    sessionStorage.removeItem(UNDO);
    const { status, answer } = await post(url);
    tell(answer, status);
  };

  // What was typed for a button's question and refused, by the button's address.
  let refused = {};

  // A page about what was changed is loaded anew first: see [data-reloads].
  const tell = (answer, status) => {
    const isNew = !answer.refused || status === NOT_NOW;
    if (!isNew || !document.querySelector("[data-reloads]") || hasTyped()) {
      say(answer);
      return;
    }
    sessionStorage.setItem(SAID, JSON.stringify({ answer, refused }));
    window.location.reload();
  };

  document.addEventListener("DOMContentLoaded", () => {
    const said = JSON.parse(sessionStorage.getItem(SAID));
    sessionStorage.removeItem(SAID);
    if (!said) return;
    refused = said.refused;
    say(said.answer);
  });

  // A question over the page, with the answer "yes" or none.
  const question = ({ title, does, back, parts = [] }) => {
    const dialog = document.createElement("dialog");
    dialog.className = "desk-dialog";
    const form = document.createElement("form");
    form.method = "dialog";
    const heading = document.createElement("h2");
    heading.id = `desk-dialog-title-${document.querySelectorAll(".desk-dialog").length}`;
    heading.textContent = title;
    dialog.setAttribute("aria-labelledby", heading.id);
    const yes = document.createElement("button");
    Object.assign(yes, { className: "desk-button main", value: "yes", textContent: does });
    const no = button(back, () => dialog.close());
    no.className = "desk-button";
    const row = document.createElement("div");
    row.append(no, yes);
    form.append(heading, ...parts, row);
    dialog.append(form);
    document.body.append(dialog);
    return dialog;
  };

  const answered = (dialog) => new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });

  const ask = async ({ id, dataset }) => {
    const { ask: name, askTitle, askLabel, askDoes, post: address } = dataset;
    const label = document.createElement("label");
    const field = document.createElement("input");
    Object.assign(field, { name, maxLength: 500, autocomplete: "off", autofocus: true });
    field.value = refused[address]?.[name] ?? "";
    label.append(askLabel, field);
    const dialog = question({ title: askTitle, does: askDoes, back: "Back", parts: [label] });
    leavable(dialog, () => field.value !== "");
    const isDone = await answered(dialog);
    document.getElementById(id)?.focus();
    return isDone ? { [name]: field.value } : null;
  };

  const isDiscarded = () => {
    const dialog = question({ title: TYPED, does: "Discard it", back: "Keep it" });
    const [keep, discard] = dialog.querySelectorAll("button");
    keep.autofocus = true;
    keep.classList.add("main");
    discard.classList.remove("main");
    leavable(dialog, () => false);
    return answered(dialog);
  };

  const leavable = (dialog, isTyped) => {
    const leave = async (event) => {
      event.preventDefault();
      if (!isTyped() || await isDiscarded()) dialog.close();
    };
    // Of two keys Esc, a browser lets a page stop only the first by "cancel".
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && leave(event));
    dialog.addEventListener("cancel", leave); // other ways, such as a telephone's button
    return leave;
  };

  const press = async (button) => {
    if (button.getAttribute("aria-disabled") === "true") return;
    if (wouldLose()) {
      say(refusal(UNSAVED));
      return;
    }
    const typed = button.dataset.ask ? await ask(button) : {};
    if (!typed) return;
    button.setAttribute("aria-disabled", "true"); // no second click before the answer
    const { post: address, seen, until } = button.dataset;
    const { status, answer } = await post(address, { seen, until, ...typed });
    button.removeAttribute("aria-disabled");
    if (answer.refused) refused[address] = typed;
    else delete refused[address];
    tell(answer, status);
  };

  const open = (detail) => document.dispatchEvent(new CustomEvent("desk:book", { detail }));

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-post], [data-book]");
    if (button?.dataset.post) press(button);
    else if (button) open(JSON.parse(button.dataset.book));
  });

  const isField = (element) => element.matches?.("input, textarea, select, [contenteditable]");

  // What somebody has typed, and a new page would lose.
  const typedIn = new Set();

  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("form, dialog");
    const isPassing = form?.matches("[method=get], #desk-find, #changelist-form, :has([type=password])");
    if (form && !isPassing) typedIn.add(target);
  }, { capture: true });

  const isChanged = (field) => (field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.options
      ? [...field.options].some((one) => one.selected !== one.defaultSelected)
      : field.value !== field.defaultValue);

  const hasTyped = () => [...typedIn].some((field) => field.isConnected && isChanged(field));

  // The browser asks before it leaves for another page, unless a form is sent. Chromium takes a link
  // that dials for another page.
  let isSent = false, isDialling = false;
  window.addEventListener("submit", (event) => (isSent ||= !event.defaultPrevented));
  document.addEventListener("desk:booked", () => typedIn.clear(), { capture: true });
  document.addEventListener("click", ({ target }) => {
    isDialling = Boolean(target.closest?.("a[href^='tel:'], a[href^='mailto:']"));
    if (isDialling) setTimeout(() => (isDialling = false), 1000);
  }, { capture: true });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && !isDialling && hasTyped()) event.preventDefault();
  });

  const wouldLose = () => document.querySelector("[data-reloads]") && hasTyped();

  // A date that is typed is whole when the field is left, or by Enter: the browser tells of a change
  // at each digit, since 2 makes a date of 12, and so does the year 2.
  const typedDates = new WeakMap(); // the fields, with the date before

  const finishDate = (field) => {
    const before = typedDates.get(field);
    if (!typedDates.delete(field) || !field.value || field.value === before) return;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("[data-whole-date]") || event.key === "Tab") return;
    if (event.key === "Enter") {
      event.preventDefault();
      finishDate(event.target);
    } else if (!typedDates.has(event.target)) {
      typedDates.set(event.target, event.target.value);
    }
  }, { capture: true });
  document.addEventListener("change", (event) => {
    if (typedDates.has(event.target)) event.stopImmediatePropagation();
  }, { capture: true });
  document.addEventListener("pointerdown", (event) => typedDates.delete(event.target), { capture: true });
  document.addEventListener("focusout", (event) => finishDate(event.target), { capture: true });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.querySelector("#desk-toast .desk-said")) hide();
    const undoes = event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (!undoes || isField(event.target) || document.querySelector("dialog[open]")) return;
    const url = lastUndo();
    if (!url && hasTyped()) return; // the browser takes back what was typed
    event.preventDefault();
    if (url) takeBack(url);
    else say(refusal("There is nothing to undo."));
  });

  // The theme hides a page until its own script has run: for the browser's autofocus that is too late.
  document.addEventListener("alpine:initialized", () => requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
  }));

  // Not by the address: a page's own script would take the new one for another page.
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.(".desk-skip")) return;
    event.preventDefault();
    const content = document.getElementById("content");
    content.tabIndex = -1;
    content.focus();
  });

  const saySignedOut = () => say(refusal(SIGNED_OUT));

  return { post, say, tell, saySignedOut, hide, isField, hasTyped, leavable, token };
})();
