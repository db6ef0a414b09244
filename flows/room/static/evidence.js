/* The evidence page by keyboard: n and p (or the arrows) to the next and previous mention, z to the other zoom; and a
   large page opens at the words it was opened for. Everything here is also a link. */
(() => {
  const keys = { n: "next", ArrowRight: "next", p: "previous", ArrowLeft: "previous", z: "zoom" };
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, .desk.zoom-2");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const link = document.getElementById(keys[event.key]);
    if (link) {
      event.preventDefault();
      link.click();
    }
  });
  const desk = document.querySelector(".desk.zoom-2");
  const chosen = desk && desk.querySelector("rect.chosen");
  if (chosen) {
    const box = chosen.getBoundingClientRect();
    const frame = desk.getBoundingClientRect();
    desk.scrollTop += box.top - frame.top - frame.height / 3;
    desk.scrollLeft += box.left - frame.left - frame.width / 3;
  }
})();
