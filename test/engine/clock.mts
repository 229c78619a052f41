/**
 * `Date.now` reads what a test says, until the file ends (test/setup/environment.cjs puts it back). A spy would
 * remember every reading, of which there are hundreds of thousands.
 */
export function tellTime(now: () => number): void {
	Date.now = now;
}
