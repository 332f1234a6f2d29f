/** Everything that crackle keeps on a server bears this name before a colon: an ACL needs no more than `~crackle:*`. */
export const prefix = 'crackle';

/** Key of the hash of runs that want workers: each session's {@link Offer}. */
export const offersKey = `${prefix}:offers`;

/** Set of the ids of workers, some of them gone. */
export const workersKey = `${prefix}:workers`;

/** What a worker says of itself, while it lives. */
export const workerKey = (id: string): string => `${prefix}:worker:${id}`;

/** There while the driver of a session lives. */
export const driverKey = (session: string): string => `${prefix}:driver:${session}`;

/** Exists for a while after a session has ended: tells that its offer was withdrawn, not lost. */
export const endedKey = (session: string): string => `${prefix}:ended:${session}`;

/** What a job came to, until its driver has taken it. */
export const outcomeKey = (session: string, job: string): string => `${prefix}:outcome:${session}:${job}`;

/** Name of the BullMQ queue of a session. */
export const queueName = (session: string): string => `partitions-${session}`;

/** What BullMQ keeps of a queue beside its jobs, whether it is paused; also written by clients that come late. */
export const queueMetaKey = (session: string): string => `${prefix}:${queueName(session)}:meta`;

/** Seconds after which the server forgets an outcome that no driver has taken. */
export const outcomeLife = 3600;
