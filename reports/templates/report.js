"use strict";
(() => {
  const form = document.querySelector(".filter");
  if (!form) return;
  const groups = [...document.querySelectorAll("article.group")].map((group) => ({
    group,
    rows: [...group.querySelectorAll("tbody tr")].map((row) => ({ row, words: row.textContent.toLowerCase() })),
  }));
  const filter = () => {
    const severity = form.elements.severity.value;
    const department = form.elements.department?.value;
    const wanted = form.elements.words.value.trim().toLowerCase();
    let shown = 0;
    for (const { group, rows } of groups) {
      let some = false;
      for (const { row, words } of rows) {
        const { dataset } = row;
        const match = (!severity || dataset.severity === severity)
          && (!form.elements.recent.checked || dataset.baseline === "new" || dataset.baseline === "reopened")
          && (!department || dataset.departments.includes(department))
          && (!form.elements.overdue.checked || "overdue" in dataset)
          && (!form.elements.sure.checked || dataset.confidence === "confirmed")
          && (!wanted || words.includes(wanted));
        row.hidden = !match;
        some ||= match;
        shown += match;
      }
      group.hidden = !some;
    }
    const output = form.querySelector("output");
    output.textContent = output.dataset.shown.replace("{n}", shown.toLocaleString());
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const link of document.querySelectorAll("a[data-department]")) {
    link.addEventListener("click", () => {
      form.elements.department.value = link.dataset.department;
      filter();
    });
  }
  form.hidden = false;
  filter();
})();
