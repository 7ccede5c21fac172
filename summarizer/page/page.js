// Links each line of English with its evidence, by `data-key`, within one result.
(() => {
  const LINKED = ".mj-line, .mj-evidence";
  let pinned = null; // what was pressed stays lit until another is, or Escape

  const result = (node) => node.closest(".mj-result");

  function light(node) {
    const place = node && result(node);
    for (const lit of document.querySelectorAll(".mj-on")) {
      if (!place || result(lit) !== place || lit.dataset.key !== node.dataset.key) set(lit, false);
    }
    if (place) {
      for (const one of place.querySelectorAll(LINKED)) {
        if (one.dataset.key === node.dataset.key) set(one, true);
      }
    }
  }

  function set(node, on) {
    node.classList.toggle("mj-on", on);
    node.querySelector(".mj-n")?.setAttribute("aria-pressed", String(on));
  }

  function pin(node) {
    const off = pinned && pinned.dataset.key === node.dataset.key && result(pinned) === result(node);
    pinned = off ? null : node;
    light(pinned);
    if (pinned) follow(pinned);
  }

  // Bring the other side into view, within its own pane only: the page itself stays put.
  function follow(node) {
    const other = node.matches(".mj-line") ? ".mj-evidence" : ".mj-line";
    const there = result(node).querySelector(`${other}[data-key="${node.dataset.key}"]`);
    const pane = there?.closest(".mj-article, .mj-brief");
    if (!pane || pane.scrollHeight <= pane.clientHeight) return;
    const from = there.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: pane.scrollTop + from - pane.clientHeight / 3, behavior: "smooth" });
  }

  function linked(event) {
    const node = event.target instanceof Element && event.target.closest(LINKED);
    return node && result(node) ? node : null; // the lines of a feed have their evidence beside them
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    light(linked(event) || (pinned?.isConnected ? pinned : null));
  });
  document.addEventListener("focusin", (event) => {
    const node = event.target.matches?.(".mj-n") && linked(event);
    if (node && event.target.matches(":focus-visible")) light(node);
  });
  document.addEventListener("click", (event) => {
    const tool = event.target instanceof Element && event.target.closest(".mj-tools button");
    if (tool) return take(tool);
    const node = linked(event);
    if (node && !String(window.getSelection())) pin(node);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") light((pinned = null));
  });

  // --- a paste that no article is long enough for would only freeze the browser -------------

  document.addEventListener(
    "paste",
    (event) => {
      const notice = document.getElementById("mj-notice");
      if (!notice || !event.target.closest?.("#mj-text")) return;
      const size = new Blob([event.clipboardData.getData("text")]).size;
      const isTooLarge = size > Number(notice.dataset.limit);
      notice.hidden = !isTooLarge;
      notice.textContent = isTooLarge ? notice.dataset.said.replace("{size}", size.toLocaleString()) : "";
      if (isTooLarge) event.preventDefault();
    },
    true,
  );

  // --- a file that is dropped on the input is the file that is opened ----------------------

  document.addEventListener("dragover", (event) => {
    if (event.target.closest?.(".mj-input")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const input = event.target.closest?.(".mj-input")?.querySelector("input[type=file]");
    if (!input || !event.dataTransfer.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // --- taking a result along ---------------------------------------------------------

  async function take(button) {
    const text = button.nextElementSibling.textContent;
    const tools = button.closest(".mj-tools");
    if (button.dataset.do === "download-html") return save(text);
    tools.querySelector("[role=status]").textContent = (await copied(text))
      ? tools.dataset.copied
      : tools.dataset.failed;
  }

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text); // absent where the page comes over plain http
      return true;
    } catch {
      const box = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(box);
      box.select();
      const done = document.execCommand("copy");
      box.remove();
      return done;
    }
  }

  function save(text) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/html" }));
    Object.assign(document.createElement("a"), { href: address, download: "brief.html" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }
})();
