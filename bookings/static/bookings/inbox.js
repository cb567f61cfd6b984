// Inbox: dialling takes a callback on and puts the cursor into its note; Done sends the note.
(() => {
  const send = async (form) => {
    const field = form.elements.note;
    const note = field.value;
    field.value = ""; // what is being typed is not refreshed
    const { answer } = await window.desk.post(form.dataset.done, { note });
    if (answer.refused) field.value = note;
    window.desk.say(answer);
  };

  document.addEventListener("click", (event) => {
    const dial = event.target.closest("[data-dial]");
    if (!dial) return;
    fetch(dial.dataset.dial, {
      method: "POST",
      headers: { "X-CSRFToken": window.desk.token(), Accept: "application/json" },
    });
    dial.closest(".item").querySelector("[name=note]")?.focus();
  });

  // From the start page, by its link to dial: the theme shows the page only when its script has run.
  document.addEventListener("alpine:initialized", () => requestAnimationFrame(() => {
    const { hash } = window.location;
    if (hash.startsWith("#note-")) document.getElementById(hash.slice(1))?.focus();
  }));

  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.done) return;
    event.preventDefault();
    send(event.target);
  });
})();
