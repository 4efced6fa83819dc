/** A cloud answered so that nothing can be said about any rule of the probe. */
export class Unsettled extends Error {}
