/** Everything that crackle keeps on a server bears this name before a colon: an ACL needs no more than `~crackle:*`. */
export const prefix = 'crackle';

/** Hash of the runs that want workers: an {@link Offer} by its session. */
export const offersKey = `${prefix}:offers`;

/** Set of the ids of workers, some of them gone. */
export const workersKey = `${prefix}:workers`;

/** What a worker says of itself, while it lives. */
export const workerKey = (id: string): string => `${prefix}:worker:${id}`;

/** There while the driver of a session lives. */
export const driverKey = (session: string): string => `${prefix}:driver:${session}`;

/** There for a while once a session has ended: its offer was taken back, not lost. */
export const endedKey = (session: string): string => `${prefix}:ended:${session}`;

/** What a job came to, until its driver has taken it. */
export const outcomeKey = (session: string, job: string): string => `${prefix}:outcome:${session}:${job}`;

/** Name of the BullMQ queue of a session. */
export const queueName = (session: string): string => `partitions-${session}`;

/** What BullMQ keeps of a queue beside its jobs, whether it is paused; also written by clients that come late. */
export const queueMetaKey = (session: string): string => `${prefix}:${queueName(session)}:meta`;

/** Seconds after which what a driver never took is forgotten by the server. */
export const outcomeLife = 3600;
