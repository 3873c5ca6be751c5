// A standard phrase is put into the text that it stands above, at the cursor.
addEventListener("click", ({ target }) => {
  const button = target.closest("[data-insert]");
  if (!button) return;
  button.form.querySelector("textarea[name=text], textarea[name=report]").focus();
  // Of old age, and without another that can be taken back with Ctrl+Z like anything that was typed.
  document.execCommand("insertText", false, button.dataset.insert);
});
