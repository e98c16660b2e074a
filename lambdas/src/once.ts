/** Makes something at the first call and keeps it; what could not be made is made at the next one. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error) => {
      // What is missing now, such as the secret of an App that nobody has made yet, may be there then.
      made = undefined;
      throw error;
    });
    return made;
  };
}
