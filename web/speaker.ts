/** Who listens is told of a digit when it has been the same for so long: a stroke has many answers. */
const QUIET_MILLISECONDS = 700;

/** Tells those who can't see it how a digit was read: once for each digit, not as the network learns. */
export class Speaker {
  readonly #place: HTMLElement;
  #id: number | undefined;
  #text = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param place A live region. */
  constructor(place: HTMLElement) {
    this.#place = place;
  }

  /**
   * Tells how a digit was read.
   *
   * @param id Which digit.
   * @param text How.
   */
  say(id: number | undefined, text: string): void {
    this.#text = text;
    if (id === this.#id) return;
    this.#id = id;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#place.textContent = this.#text, QUIET_MILLISECONDS);
  }
}
