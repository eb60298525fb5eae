// A reporter of Node's test runner: one line of JSON a check, with its name and the message of its failure.

export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const failure = type === "test:fail" ? told(data.details.error) : null;
    yield `${JSON.stringify({ name: data.name, failure })}\n`;
  }
}

/** The error itself, which the runner wraps, with what a client knows of it and where it came from. */
function told(wrapped) {
  const error = wrapped.cause ?? wrapped;
  const seen = error.report ?? error.issues ?? error.body;
  return [error.stack ?? String(error), seen === undefined ? "" : JSON.stringify(seen)].join("\n").trim();
}
