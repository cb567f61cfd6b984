// Beside the assistant's form: the prompt as it would be with what is typed, or why it is refused.
document.addEventListener("DOMContentLoaded", () => {
  const aside = document.querySelector("[data-prompt-preview]");
  const form = aside && aside.closest("form");
  const fields = form && ["name", "personality"].map((name) => form.elements[name]);
  if (!fields || !fields.every(Boolean)) return;

  const [prompt, problem] = [".prompt", ".problem"].map((part) => aside.querySelector(part));
  let waiting = 0;
  let asked = 0;

  const show = (answer) => {
    problem.hidden = !answer.problem;
    problem.textContent = answer.problem || "";
    prompt.classList.toggle("outdated", Boolean(answer.problem));
    if (answer.prompt) prompt.textContent = answer.prompt;
  };

  const ask = async () => {
    const mine = ++asked;
    const draft = new FormData();
    draft.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    fields.forEach((field) => draft.append(field.name, field.value));
    let answer = { problem: "The prompt cannot be shown right now." };
    try {
      const response = await fetch(aside.dataset.promptPreview, { method: "POST", body: draft });
      if (response.ok && !response.redirected) answer = await response.json();
    } catch { /* offline: the sentence says so */ }
    if (mine === asked) show(answer); // an answer to older words comes too late
  };

  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      await ask();
      aside.scrollTop = problem.hidden ? aside.scrollHeight : 0; // where the typed words stand
    }, 250);
  };

  fields.forEach((field) => field.addEventListener("input", later));
  ask();
});
