/** All operations of product Vpc 2016-04-28 that this package knows. */
import type { BorderRouterOperations } from './borderRouter.js';
import type { NetworkOperations } from './network.js';
import type { RouterInterfaceOperations } from './routerInterface.js';

export interface VpcOperations extends NetworkOperations, RouterInterfaceOperations, BorderRouterOperations {}
