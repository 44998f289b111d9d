// Screen readers start with the error summary.
document.querySelector("#problems, [data-focus]")?.focus();
