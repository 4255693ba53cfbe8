/**
 * How long a program may be kept from what comes from outside: signals, timers, connections. The two timers of a
 * rest take up to 4 ms.
 */
const BUSY_MILLISECONDS = 200;

/** When the event loop last had nothing to do but to wait. */
let rested = -Infinity;

/**
 * Waits for a turn of the event loop, in which what a device has reported so far arrives.
 *
 * A message to oneself takes some 50 us, where the shortest timer takes 1 to 2 ms. But Deno looks for
 * what comes from outside the program only while it waits: a loop of messages leaves it no time to see a
 * Ctrl-C, so now and then it gets some.
 *
 * @returns Settled in the next turn.
 */
export async function eventTurn(): Promise<void> {
  if (performance.now() - rested < BUSY_MILLISECONDS) return await message();
  // After work that has held the thread, the first timer may be due before anybody waits.
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setTimeout(resolve));
  rested = performance.now();
}

function message(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      port2.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
