// Read once: in Jest's copy of `process` it is built anew each time, and axios reads it for every request.
Object.defineProperty(process, 'allowedNodeEnvironmentFlags', { value: process.allowedNodeEnvironmentFlags });
