// Checks an answer as it is typed and declares it when it is settled; the page's other forms learn the new version.
const versions = () => document.querySelectorAll("input[name=version]");

const send = async (form, check) => {
  const body = new FormData(form);
  if (check) body.set("only_check", "1");
  const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
  return answer.json();
};

const say = (form, text, good) => {
  const status = form.querySelector("[data-status]");
  status.replaceChildren();
  status.classList.toggle("good", good);
  status.classList.toggle("bad", !good && Boolean(text));
  const said = document.createElement("span");
  said.lang = "en";
  said.dir = "auto";
  said.textContent = text;
  status.append(said);
  for (const input of form.querySelectorAll("[name=value]")) input.setAttribute("aria-invalid", String(!good && Boolean(text)));
};

const tell = (form, answer, saved) => {
  if (!answer.ok) {
    say(form, (answer.messages ?? [{ text: answer.detail, hint: answer.hint }]).map((one) => (one.hint ? `${one.text}; ${one.hint}` : one.text)).join(" "), false);
    return;
  }
  say(form, answer.warning || (saved ? "✓" : ""), true);
  if (!saved) return;
  for (const input of versions()) input.value = answer.version;
  document.dispatchEvent(new CustomEvent("profile", { detail: answer }));
};

let saving = Promise.resolve();
for (const form of document.querySelectorAll("[data-ask]")) {
  let timer = 0;
  form.querySelector("[data-save]").hidden = true; // an answer is declared when it is settled
  const save = () => {
    clearTimeout(timer);
    saving = saving.then(() => send(form, false)).then((answer) => tell(form, answer, true)).catch((error) => say(form, String(error), false));
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  form.addEventListener("input", (event) => {
    if (event.target.name === "unknown" && event.target.checked) for (const box of form.querySelectorAll("[name=value]")) box.checked = false;
    if (event.target.name === "value" && form.unknown) form.unknown.checked = false;
    clearTimeout(timer);
    if (event.target.type !== "text") return;
    timer = setTimeout(() => send(form, true).then((answer) => tell(form, answer, false)), 350);
  });
  form.addEventListener("change", save);
}

for (const select of document.querySelectorAll("[data-go]")) {
  select.form.querySelector("[data-without-script]").hidden = true;
  select.addEventListener("change", () => select.form.submit());
}
