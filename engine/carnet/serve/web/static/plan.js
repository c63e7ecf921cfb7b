// A start that is dragged, or a market that is unticked, is planned again at once.
const form = document.querySelector("[data-plan]");
const drag = form.querySelector(".drag");
const busy = form.querySelector("[data-busy]");
const planned = document.querySelector("[data-roadmap]");

const again = () => {
  if (!form.querySelector("[name=market]:checked") || !form.reportValidity()) return;
  busy.hidden = false;
  planned?.setAttribute("aria-busy", "true");
  form.requestSubmit();
};

drag.hidden = false;
drag.addEventListener("input", () => {
  const day = new Date(`${drag.dataset.from}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 7 * Number(drag.value));
  form.start.value = day.toISOString().slice(0, 10);
});
drag.addEventListener("change", again);
form.addEventListener("submit", () => { busy.hidden = false; });
if (planned) {
  for (const box of form.querySelectorAll("[name=market]")) box.addEventListener("change", again);
  form.objective.addEventListener("change", again);
}
