// Beside each text that is there to be copied, a button that copies it. Without this script the
// text can be marked and copied by hand.
for (const text of document.querySelectorAll("textarea.citation")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  const label = text.getAttribute("aria-label").replace(/, .*/, "");
  button.setAttribute("aria-label", `Copy: ${label}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
    } catch { // without https, or without leave, browsers only copy what is marked
      text.select();
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  text.after(button);
}
