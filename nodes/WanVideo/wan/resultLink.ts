/** Hours for which EvoLink keeps a result link alive (seed). */
export const RESULT_LINK_HOURS = 24;
