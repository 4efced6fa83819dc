/** The keeper of a plugin's places: one for all runs. What each network allows once at a time is given here, in the order of asking. */
import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { NAMES, type Activities, type PlacesMessage, type PlacesState } from '../protocol.js';
import { PlacesKeeper, type KeepersReach } from './placesKeeper.js';

/** So often it is asked whether those who hold places or stand in line are still there. */
const LOOK_AFTER_MS = 60_000;
/** Events after which it goes on with a new history: whoever takes it over from a dead worker replays them all, and meanwhile nobody gets a place. */
const LONG_HISTORY = 500;

const placesSignal = defineSignal<[PlacesMessage]>(NAMES.places);
const stateQuery = defineQuery<PlacesState>(NAMES.placesState);

const { endedRuns } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '20 seconds',
  retry: { maximumAttempts: 1 },
});

const reach: KeepersReach = {
  grant: ({ workflowId, runId }, tickets) =>
    getExternalWorkflowHandle(workflowId, runId).signal(NAMES.granted, tickets),
  ended: (runs) => endedRuns(runs).catch(() => []),
};

/** Never ends. */
export async function keepPlaces(state: PlacesState): Promise<void> {
  const keeper = new PlacesKeeper(state, reach);
  setHandler(placesSignal, (message) => keeper.hear(message));
  setHandler(stateQuery, () => keeper.state);
  const isLong = (): boolean => workflowInfo().historyLength > LONG_HISTORY || workflowInfo().continueAsNewSuggested;
  for (;;) {
    await condition(() => !keeper.isEmpty || isLong());
    if (await condition(() => isLong() && keeper.isQuiet, LOOK_AFTER_MS))
      await continueAsNew<typeof keepPlaces>(keeper.state);
    await keeper.lookAfter();
  }
}
