// Times in the reader's form and zone, and a button that copies. All else works without it.
"use strict";
const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time")) {
  time.title = time.textContent;
  time.textContent = form.format(new Date(time.dateTime));
}
const copy = document.getElementById("copy");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const text = document.getElementById("secret");
    text.select();
    await navigator.clipboard.writeText(text.value);
    document.getElementById("copied").textContent = copy.dataset.done;
  });
}
// The command line prints an address with its code in the fragment, which no server gets.
const code = document.querySelector("[data-code]");
if (code && location.hash.length > 1) {
  code.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  code.form.submit();
}
