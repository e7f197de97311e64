/** Lets everything run that waits for no timer: promises that are settled, and what they set off. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
