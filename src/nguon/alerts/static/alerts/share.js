/* The address of this page for the next signer: by the phone's own sharing, or copied. */

for (const button of document.querySelectorAll("[data-share]")) {
  button.addEventListener("click", async () => {
    const told = document.querySelector("[data-share-told]");
    const address = location.origin + location.pathname;
    if (navigator.share) {
      await navigator.share({ title: button.dataset.title, url: address }).catch(() => {});
      return;
    }
    try {
      await navigator.clipboard.writeText(address);
      told.textContent = button.dataset.copied;
    } catch {
      told.textContent = address;
    }
  });
}
