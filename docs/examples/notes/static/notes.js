// Everything works without this file; it only makes some things nicer.

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = format.format(new Date(time.dateTime));
  }
}

// Keys: Ctrl+Enter saves a note, / goes to the search.

function saveByKeyboard(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    event.target.form.requestSubmit();
  }
}

function searchByKeyboard(event) {
  const search = document.querySelector("input[type=search]");
  const typing = event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "/" && search && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  }
}

// A form that was sent is not sent twice by a second click; coming back to the page frees it.

function sendOnce(event) {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") form.dataset.sent = "yes";
}

function freeForms() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}

// The list stays fresh: the server tells each revision of it, and a page that shows another one
// fetches the list anew. One page holds the connection and tells the others of this browser, which
// has only six connections to one server; when that page is closed, the next one takes over.

function followList(list) {
  const channel = new BroadcastChannel("notes");
  let latest = list.dataset.revision;

  async function refresh() {
    if (document.hidden || latest === list.dataset.revision) return;
    const headers = { accept: "text/html" };
    const answer = await fetch("/notes/list" + location.search, { headers }).catch(() => undefined);
    if (!answer?.ok) return;
    const revision = answer.headers.get("x-revision") ?? "";
    if (owner(revision) !== owner(list.dataset.revision)) return leave();
    const items = await answer.text();
    const focused = list.contains(document.activeElement) && document.activeElement.getAttribute("href");
    list.innerHTML = items; // nothing is waited for since the look at the focus
    list.dataset.revision = latest = revision;
    localTimes(list);
    if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }

  function hear(revision) {
    latest = revision;
    refresh();
  }

  function listen() {
    const source = new EventSource("/notes/events");
    source.onmessage = ({ data }) => tellAll(data);
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return; // it comes back by itself
      tellAll(""); // signed out, it may be
      setTimeout(listen, 10_000);
    };
  }

  function tellAll(revision) {
    channel.postMessage(revision);
    hear(revision);
  }

  channel.onmessage = ({ data }) => hear(data);
  document.addEventListener("visibilitychange", refresh);
  navigator.locks?.request("notes", () => {
    listen();
    return new Promise(() => {}); // held until the page is closed
  });
}

// Signed out, or somebody else by now: the page is another one, but nobody's text is thrown away.
function leave() {
  const form = document.querySelector(".compose form");
  const typed = [...form.querySelectorAll("input, textarea")].some((field) => field.value);
  if (typed) say(form, "You are signed out. Copy your text, and sign in again.");
  else location.reload();
}

function owner(revision) {
  return revision.split("-")[1];
}

// Files are sent in the background, so that their progress can be shown.

function uploadWithProgress(event) {
  const form = event.target;
  if (!("upload" in form.dataset) || event.defaultPrevented) return;
  event.preventDefault();
  const input = form.querySelector("input[type=file]");
  const large = [...input.files].find((file) => file.size > Number(input.dataset.max));
  if (large) return say(form, `“${large.name}” is too large.`);

  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", "Sent so far");
  form.querySelector("progress")?.remove();
  form.append(progress);

  const request = new XMLHttpRequest();
  request.upload.onprogress = ({ loaded, total }) => (progress.value = loaded / total);
  request.onload = () => {
    if (request.status !== 413 && request.response?.querySelector("main")) show(request.response);
    else say(form, "The files are too large together.");
  };
  request.onerror = () => say(form, "The files could not be sent. Try again.");
  request.open("POST", form.action);
  request.setRequestHeader("accept", "text/html");
  request.responseType = "document";
  request.send(new FormData(form));
}

function say(form, text) {
  delete form.dataset.sent;
  form.querySelector("progress")?.remove();
  const problem = document.createElement("p");
  problem.className = "problem";
  problem.role = "alert";
  problem.textContent = text;
  form.parentElement.querySelector(".problem")?.remove();
  document.querySelector(".message")?.remove(); // what went well was another try
  form.before(problem);
}

// What the server answered, after its redirect, is the page as it is now.
function show(page) {
  const main = document.importNode(page.querySelector("main"), true);
  localTimes(main);
  document.querySelector("main").replaceWith(main);
  document.title = page.title;
  main.focus({ preventScroll: true });
  main.querySelector("[role=alert], [role=status]")?.scrollIntoView({ block: "nearest" });
}

localTimes(document);
document.addEventListener("keydown", saveByKeyboard);
document.addEventListener("keydown", searchByKeyboard);
document.addEventListener("submit", sendOnce);
document.addEventListener("submit", uploadWithProgress);
window.addEventListener("pageshow", freeForms);

const list = document.getElementById("list");
if (list) followList(list);
