/**
 * Makes a function that lets everything else that is ready happen first: answers are read and timers kept between one piece of heavy work
 * and the next. Of many callers one goes on in each turn of the event loop.
 */
export function breather(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
    return last;
  };
}
