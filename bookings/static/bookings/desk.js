// What every page of the front desk shares: posting a change, and saying what came of it.
//
// desk.post(url, data)  posts a change. Resolves to {status, answer}; the answer is
//                       {said, undo, refused, alternatives}. Fires "desk:changed" when it was done.
// desk.say(answer, {choose})  shows it for ten seconds or more, with Undo. `choose` is called with
//                       the alternative that is clicked; without it they are not shown.
window.desk = (() => {
  const STAYS = 10000; // milliseconds
  const SIGNED_OUT = "You are signed out. Please sign in again; nothing was changed.";
  const UNKNOWN = "No answer came. Please look whether it was done before you try again.";
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
    say(answer);
  };

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

  return { post, say, hide, isField };
})();
