// Find a patient or a visit from any page: Ctrl-K, or the button in the sidebar.
(() => {
  const WAIT = 150; // milliseconds after the last letter
  let asked = 0;
  let waiting = 0;

  const opener = () => document.querySelector("[data-find]");

  const made = (tag, properties = {}, attributes = {}) => {
    const element = Object.assign(document.createElement(tag), properties);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  const open = () => {
    if (document.getElementById("desk-find")) return;
    const dialog = made("dialog", { id: "desk-find", className: "desk-dialog desk-find" }, { "aria-label": "Find" });
    const field = made("input", { autocomplete: "off", placeholder: "Name, number, birthday or reference", autofocus: true, maxLength: 100 }, {
      role: "combobox", "aria-label": "Name, number, birthday or reference", "aria-expanded": "false",
      "aria-controls": "desk-found", "aria-autocomplete": "list",
    });
    const list = made("div", { id: "desk-found" }, { role: "listbox", "aria-label": "Found" });
    const note = made("p", { className: "note" }, { role: "status" });
    dialog.append(field, list, note);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("pointerdown", (event) => event.target === dialog && dialog.close());
    field.addEventListener("input", () => later(field, list, note));
    field.addEventListener("keydown", (event) => move(event, field, list));
    document.body.append(dialog);
    dialog.showModal();
  };

  const later = (field, list, note) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(field, list, note), WAIT);
  };

  const ask = async (field, list, note) => {
    const mine = ++asked;
    const words = field.value.trim();
    let found = [];
    let said = "";
    if (words.length > 1) {
      try {
        found = await answer(words);
        said = found.length ? `${found.length} found` : "Nothing found.";
      } catch {
        said = "No answer came. Please try again.";
      }
    }
    if (mine === asked) show(found, said, field, list, note); // an older answer comes too late
  };

  const answer = async (words) => {
    const response = await fetch(opener().dataset.find, {
      method: "POST",
      body: new URLSearchParams({ words }),
      headers: { "X-CSRFToken": window.desk.token(), Accept: "application/json" },
    });
    return (await response.json()).found;
  };

  const show = (found, said, field, list, note) => {
    list.replaceChildren(...found.map((one, place) => {
      const link = made("a", { id: `desk-found-${place}`, href: one.link, tabIndex: -1 }, { role: "option" });
      link.append(made("b", { textContent: one.title }), made("span", { textContent: one.more }));
      return link;
    }));
    note.textContent = said;
    field.setAttribute("aria-expanded", String(found.length > 0));
    choose(0, field, list);
  };

  const choose = (place, field, list) => {
    [...list.children].forEach((link, own) => link.setAttribute("aria-selected", String(own === place)));
    const chosen = list.children[place];
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) field.setAttribute("aria-activedescendant", chosen.id);
    else field.removeAttribute("aria-activedescendant");
  };

  const move = (event, field, list) => {
    const links = [...list.children];
    const place = links.findIndex((link) => link.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && links.length) {
      event.preventDefault();
      choose((place + step + links.length) % links.length, field, list);
    }
    if (event.key === "Enter" && links[place]) {
      event.preventDefault();
      window.location.assign(links[place].href);
    }
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-find]")) open();
  });

  window.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || !opener()) return;
    event.preventDefault();
    open();
  }, { capture: true });
})();
