// The page of an addition follows it; without this it reloads itself.
"use strict";

const job = document.querySelector("[data-events]");
const events = new EventSource(job.dataset.events);
for (const state of ["queued", "running"]) {
  events.addEventListener(state, (event) => {
    const { done } = JSON.parse(event.data);
    job.querySelector(".done").textContent = done.toLocaleString(document.documentElement.lang);
    job.querySelector("progress").value = done;
  });
}
for (const state of ["done", "failed", "cancelled"]) {
  events.addEventListener(state, () => {
    events.close();
    location.reload();
  });
}
// Broken off, it is tried again by the browser; what is refused for good is not.
events.addEventListener("error", () => {
  if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 2000);
});
