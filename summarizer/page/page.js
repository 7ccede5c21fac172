// Links each line of English with its evidence, by `data-key`, and keeps what the reader chose.
// Gradio patches new HTML into the old by position: a node may come to hold another line, and loses
// what the server did not send. So it is kept here by key, and put back after every change.
(() => {
  const LINKED = ".mj-result [data-key]"; // the lines of a feed have their evidence beside them
  let pinned = null; // the key that was pressed: it stays lit until another is, or Escape
  let pointed = null; // the key under the pointer or the focus: it is lit meanwhile
  const opened = new Set(); // names of what was unfolded
  const phases = new Map(); // what each status said last

  function refresh() {
    paint();
    for (const part of document.querySelectorAll("details[data-name]:not([open])")) {
      if (opened.has(part.dataset.name)) part.open = true;
    }
    announce();
  }

  // Changes only what differs: each change has the observer call again.
  function paint() {
    for (const node of document.querySelectorAll(LINKED)) {
      const { key } = node.dataset;
      node.classList.toggle("mj-on", key === (pointed ?? pinned));
      const button = node.querySelector(".mj-n");
      const pressed = String(key === pinned);
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
  }

  // To screen readers, what begins or has ended; not every second of it.
  function announce() {
    for (const status of document.querySelectorAll("[data-phase]")) {
      const { id } = status.closest("[id]");
      const { phase } = status.dataset;
      if (phases.get(id) === phase) continue;
      phases.set(id, phase);
      document.getElementById("mj-said").textContent = phase;
    }
  }

  function pin(node) {
    pinned = pinned === node.dataset.key ? null : node.dataset.key;
    pointed = null;
    paint();
    if (pinned) follow(node);
  }

  // Bring the other side into view, within its own pane only: the page itself stays put.
  function follow(node) {
    const other = node.matches(".mj-line") ? ".mj-evidence" : ".mj-line";
    const there = node.closest(".mj-result").querySelector(`${other}[data-key="${node.dataset.key}"]`);
    const pane = there?.closest(".mj-article, .mj-brief");
    if (!pane || pane.scrollHeight <= pane.clientHeight) return;
    const from = there.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: pane.scrollTop + from - pane.clientHeight / 3, behavior: "smooth" });
  }

  const within = (event, what) => (event.target instanceof Element ? event.target.closest(what) : null);

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    pointed = within(event, LINKED)?.dataset.key ?? null;
    paint();
  });
  document.addEventListener("focusin", (event) => {
    const node = within(event, ".mj-n") && within(event, LINKED);
    if (!node || !event.target.matches(":focus-visible")) return;
    pointed = node.dataset.key;
    paint();
  });
  document.addEventListener("click", (event) => {
    const tool = within(event, ".mj-tools button");
    if (tool) return take(tool);
    if (within(event, "#mj-run, #mj-clear")) pinned = pointed = null;
    const part = within(event, "summary")?.parentElement;
    if (part?.dataset.name) opened[part.open ? "delete" : "add"](part.dataset.name);
    const node = within(event, LINKED);
    if (node && !String(window.getSelection())) pin(node);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    pinned = pointed = null;
    paint();
  });
  new MutationObserver(refresh).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributeFilter: ["class", "open", "aria-pressed", "data-key", "data-name", "data-phase"],
  });

  // Gradio opens a list at every key, also at the Tab that leaves it: it would lie over the page.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Tab" && within(event, "[role=combobox]")) event.stopPropagation();
    },
    true,
  );

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

  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault(); // wherever it falls: else the file would take the place of the page
    const input = within(event, ".mj-input")?.querySelector("input[type=file]");
    if (!input || !event.dataTransfer.files.length) return;
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
