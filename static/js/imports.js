// Files can be dropped on the form, their names are shown, and sending them shows how far it is.
// The form is replaced by htmx after each upload, so everything is bound through the document.

const zoneOf = (event) => event.target.closest?.("[data-drop-zone]");

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const zone = zoneOf(event);
    if (zone) {
      event.preventDefault();
      zone.classList.add("is-over");
    }
  });
}

for (const name of ["dragleave", "drop"]) {
  document.addEventListener(name, (event) => zoneOf(event)?.classList.remove("is-over"));
}

document.addEventListener("drop", (event) => {
  const input = zoneOf(event)?.querySelector("input[type=file]");
  if (input && event.dataTransfer.files.length) {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

document.addEventListener("change", (event) => {
  const list = event.target.type === "file" && zoneOf(event)?.querySelector("[data-chosen]");
  if (list) {
    const size = new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit",
      unit: "megabyte",
      maximumFractionDigits: 1,
    });
    list.replaceChildren(
      ...Array.from(event.target.files, (file) => {
        const item = document.createElement("li");
        item.textContent = `${file.name} · ${size.format(file.size / 1e6)}`;
        return item;
      }),
    );
  }
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("[data-sending]");
  if (bar && event.detail.lengthComputable) {
    bar.hidden = false;
    bar.max = event.detail.total;
    bar.value = event.detail.loaded;
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.("[data-upload]")) {
    event.target.querySelector("button").disabled = true;
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("[data-upload]") && !event.detail.successful) {
    event.target.querySelector("button").disabled = false;
    event.target.submit(); // without htmx, so that the page of the error is shown
  }
});
