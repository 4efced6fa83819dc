/** So many readings are under way together: more than a cloud takes from one account, and few enough that what they hold is soon let go of. */
const AT_ONCE = 256;

/** Works on all items, in their order and so many of them at once. Rejects with the first failure, after which no other is begun. */
export async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  let failed = false;
  const go = async (): Promise<void> => {
    for (const item of left) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, go));
}
