// Beside each text that is there to be copied, a button that copies it. Without this script the
// text can be marked and copied by hand.
for (const text of document.querySelectorAll("textarea.citation")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  const { copy, copied } = document.body.dataset; // in the language of the page
  button.textContent = copy;
  const label = text.getAttribute("aria-label").replace(/, .*/, "");
  button.setAttribute("aria-label", `${copy}: ${label}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
    } catch { // without https, or without leave, browsers only copy what is marked
      text.select();
      document.execCommand("copy");
    }
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), 2000);
  });
  text.after(button);
}
