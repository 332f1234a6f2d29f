/** The apache-arrow that crackle itself is made with, for pipelines that import it: batches of another copy aren't known as such. */
export * from 'apache-arrow';
