/** A segment of a url as what it stands for, an id say; one that nobody has encoded stays as it is. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
