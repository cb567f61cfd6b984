// Copies the link on the page. Where the browser does not let us, it is selected.
document.querySelectorAll("[data-copy]").forEach((button) => {
  const link = document.getElementById(button.dataset.copy);
  link.addEventListener("focus", () => link.select());
  button.addEventListener("click", async () => {
    link.select();
    let said = "Copied.";
    try {
      await navigator.clipboard.writeText(link.value);
    } catch {
      said = document.execCommand("copy") ? said : "Press Ctrl-C to copy it.";
    }
    document.querySelector("[data-copied]").textContent = said;
  });
});
