/** What a job has stored: it may have written anything past `odmd-enver`, and what is no JSON is not of its type either. */
export function storedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
