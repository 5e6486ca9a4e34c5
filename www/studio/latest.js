/** Which answer still counts? Questions are asked one at a time; what is asked meanwhile is asked once, as it stands then. */

/**
 * @param {() => Promise<void>} run asks and shows; called again when it was asked for while it ran
 * @returns {() => Promise<void>} resolves when the latest answer is shown
 */
export function latest(run) {
  /** @type {Promise<void> | undefined} */
  let running;
  let again = false;
  const turn = async () => {
    do {
      again = false;
      await run();
    } while (again);
    running = undefined;
  };
  return () => {
    if (running) again = true;
    else running = turn();
    return running;
  };
}
