// Files and folders that are dropped on the form, and how much was chosen. Without this the form
// takes what is chosen.
"use strict";

const form = document.querySelector("form[data-limit]");
const zone = form.querySelector(".drop");
const said = form.querySelector(".chosen");
let dropped = [];

// The words stand in the form, in the language of the page.
const plural = new Intl.PluralRules(document.documentElement.lang);
const local = (number) => number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

function tell() {
  const chosen = [...form.elements.files.files, ...form.elements.folder.files];
  const files = [...chosen, ...dropped.map((one) => one.file)];
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const [limit, most] = [Number(form.dataset.limit), Number(form.dataset.files)];
  const fits = bytes <= limit && files.length <= most;
  const words = fits ? form.dataset.chosen : form.dataset.tooMuch;
  const { one, few, many } = form.dataset;
  const noun = { one, few }[plural.select(files.length)] ?? many;
  const counted = noun.replace("{number}", local(files.length));
  const told = words.replace("{files}", counted).replace("{size}", local(bytes / 1048576));
  said.textContent = files.length ? told : "";
  said.classList.toggle("error", !fits);
}

// Everything below a dropped folder, with its path.
async function within(entry, path = "") {
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed));
    return [{ file, name: path + file.name }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    for (const one of some) found.push(...(await within(one, `${path}${entry.name}/`)));
  }
}

for (const name of ["dragenter", "dragover"]) {
  zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
}
zone.addEventListener("dragleave", () => zone.classList.remove("over"));
zone.addEventListener("drop", async (event) => {
  event.preventDefault();
  zone.classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  for (const entry of entries) dropped.push(...(await within(entry)));
  tell();
});
form.addEventListener("change", tell);

// Dropped files are in no field: they are sent with the others, and the answer is shown.
form.addEventListener("submit", async (event) => {
  if (!dropped.length) return;
  event.preventDefault();
  const body = new FormData(form);
  for (const { file, name } of dropped) body.append("files", file, name);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
  if (answer.redirected) {
    location.assign(answer.url);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  said.textContent = page.querySelector(".error, .lead")?.textContent ?? "";
  said.classList.add("error");
});
