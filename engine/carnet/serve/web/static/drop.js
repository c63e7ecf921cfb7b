// A file dropped anywhere on the form is sent at once.
const form = document.querySelector("[data-drop]");
const input = form.querySelector("[type=file]");
form.querySelector("[data-hint]").hidden = false;
let inside = 0;
const over = (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  form.classList.add("over");
};
form.addEventListener("dragenter", (event) => { inside += 1; over(event); });
form.addEventListener("dragover", over);
form.addEventListener("dragleave", () => { inside -= 1; if (inside <= 0) form.classList.remove("over"); });
form.addEventListener("drop", (event) => {
  event.preventDefault();
  inside = 0;
  form.classList.remove("over");
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  form.requestSubmit();
});
input.addEventListener("change", () => { if (input.files.length && !form.row.value) form.requestSubmit(); });
