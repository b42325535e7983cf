// Generated from server/openapi.json by `npm run gen`; do not edit.
export interface paths {
    readonly "/api/v1/assets": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List Assets
         * @description List assets, the newest first.
         */
        readonly get: operations["list_assets_api_v1_assets_get"];
        readonly put?: never;
        /**
         * Bring
         * @description Bring a picture, a sound or a film: its bytes are the body. 200 where its content is known already.
         */
        readonly post: operations["bring_api_v1_assets_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/assets/{digest}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get
         * @description Give the file of an asset.
         */
        readonly get: operations["get_api_v1_assets__digest__get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/check": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Check
         * @description Say what keeps a graph from being run.
         */
        readonly post: operations["check_api_v1_check_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/diff": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Diff
         * @description Say how two graphs differ.
         */
        readonly post: operations["diff_api_v1_diff_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Export
         * @description Write a graph or a run as JSON, as a picture that carries it, as a Python script or as a call of curl.
         */
        readonly post: operations["export_api_v1_export_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/graphs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List Graphs
         * @description List the saved graphs.
         */
        readonly get: operations["list_graphs_api_v1_graphs_get"];
        readonly put?: never;
        /**
         * Create
         * @description Save a graph that is new; it need not be complete.
         */
        readonly post: operations["create_api_v1_graphs_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/graphs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get
         * @description Give a saved graph; its revision is the ETag.
         */
        readonly get: operations["get_api_v1_graphs__id__get"];
        /**
         * Save
         * @description Save the next revision of a graph.
         */
        readonly put: operations["save_api_v1_graphs__id__put"];
        readonly post?: never;
        /**
         * Delete
         * @description Delete a graph with its revisions; runs that were made from it stay.
         */
        readonly delete: operations["delete_api_v1_graphs__id__delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/graphs/{id}/diff": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Diff
         * @description Say how two revisions of a graph differ.
         */
        readonly get: operations["diff_api_v1_graphs__id__diff_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/graphs/{id}/revisions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Revisions
         * @description List the revisions of a graph.
         */
        readonly get: operations["revisions_api_v1_graphs__id__revisions_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/graphs/{id}/revisions/{revision}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get Revision
         * @description Give a graph as it was at one revision.
         */
        readonly get: operations["get_revision_api_v1_graphs__id__revisions__revision__get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/graphs/{id}/revisions/{revision}/restore": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Restore
         * @description Save what a graph was at one revision as its next revision.
         */
        readonly post: operations["restore_api_v1_graphs__id__revisions__revision__restore_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Health
         * @description Say that the server answers; needs no token, and is answered before anything else.
         */
        readonly get: operations["health_api_v1_health_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/import": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Look
         * @description Say what a file holds, what is missing for it here, and what a run of it would do; saving it is up to you.
         */
        readonly post: operations["look_api_v1_import_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/library": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Library
         * @description List the graphs that ship.
         */
        readonly get: operations["library_api_v1_library_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/library/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Library Graph
         * @description Give the document of a graph that ships.
         */
        readonly get: operations["library_graph_api_v1_library__name__get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/limits": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Limits
         * @description Give the limits of this server.
         */
        readonly get: operations["limits_api_v1_limits_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Metrics
         * @description Give the figures of this server for Prometheus.
         */
        readonly get: operations["metrics_api_v1_metrics_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/models": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Models
         * @description List the models that a document can name.
         */
        readonly get: operations["models_api_v1_models_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/nodes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Nodes
         * @description Give all node types: their ports, widgets and help; and the views that values of each type have.
         */
        readonly get: operations["nodes_api_v1_nodes_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Contract
         * @description Give the description of this interface.
         */
        readonly get: operations["contract_api_v1_openapi_json_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/plan": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Plan
         * @description Say what a run would compute, what is there already, and how long it would take.
         */
        readonly post: operations["plan_api_v1_plan_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/queue": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Queue
         * @description Give the runs that will be taken next.
         */
        readonly get: operations["queue_api_v1_queue_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/queue/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cancel
         * @description Cancel all runs, waiting and running.
         */
        readonly post: operations["cancel_api_v1_queue_cancel_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/queue/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Pause
         * @description Take no more runs; those that are running go on.
         */
        readonly post: operations["pause_api_v1_queue_pause_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/queue/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Resume
         * @description Take runs again.
         */
        readonly post: operations["resume_api_v1_queue_resume_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List Runs
         * @description List runs, the newest first.
         */
        readonly get: operations["list_runs_api_v1_runs_get"];
        readonly put?: never;
        /**
         * Submit
         * @description Put a run into the queue. With `wait`: 200 once it has ended, 202 if it has not by then.
         */
        readonly post: operations["submit_api_v1_runs_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get
         * @description Give a run as it stands; with `wait`, once it has ended.
         */
        readonly get: operations["get_api_v1_runs__id__get"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete
         * @description Forget a run that has ended.
         */
        readonly delete: operations["delete_api_v1_runs__id__delete"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change
         * @description Move a run that waits.
         */
        readonly patch: operations["change_api_v1_runs__id__patch"];
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cancel
         * @description Cancel a run; one that has ended stays as it is.
         */
        readonly post: operations["cancel_api_v1_runs__id__cancel_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Events
         * @description Give the state events of a run after a number.
         */
        readonly get: operations["events_api_v1_runs__id__events_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/graph": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Graph
         * @description Give the document that was run.
         */
        readonly get: operations["graph_api_v1_runs__id__graph_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Retry
         * @description Run the same graph with the same inputs once more; what is known is not computed again.
         */
        readonly post: operations["retry_api_v1_runs__id__retry_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/runs/{id}/values/{link}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Show
         * @description Show what a node of a run made. 404: not in its graph; 409: not made yet; 410: gone; 422: no such view.
         */
        readonly get: operations["show_api_v1_runs__id__values__link__get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/session": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Am I In
         * @description Say whether the request brought what is needed: 204, else 401.
         */
        readonly get: operations["am_i_in_api_v1_session_get"];
        readonly put?: never;
        /**
         * Log In
         * @description Exchange the token for a cookie.
         */
        readonly post: operations["log_in_api_v1_session_post"];
        /**
         * Log Out
         * @description Take the cookie back.
         */
        readonly delete: operations["log_out_api_v1_session_delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/shares": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * List Shares
         * @description List links, the newest first, those that were revoked too.
         */
        readonly get: operations["list_shares_api_v1_shares_get"];
        readonly put?: never;
        /**
         * Share
         * @description Make a link that shows a run to whoever holds it.
         */
        readonly post: operations["share_api_v1_shares_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/shares/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke
         * @description Make a link useless.
         */
        readonly delete: operations["revoke_api_v1_shares__id__delete"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sweeps": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Submit
         * @description Put a run into the queue for each cell; the last axis changes fastest.
         */
        readonly post: operations["submit_api_v1_sweeps_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sweeps/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Get
         * @description Give a sweep, and how many of its cells have which status.
         */
        readonly get: operations["get_api_v1_sweeps__id__get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sweeps/{id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Cancel
         * @description Cancel all cells that have not ended.
         */
        readonly post: operations["cancel_api_v1_sweeps__id__cancel_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sweeps/{id}/results": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Results
         * @description Give the cells of a sweep in order.
         */
        readonly get: operations["results_api_v1_sweeps__id__results_get"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/why": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Why
         * @description Say why a node would run again, or why not.
         */
        readonly post: operations["why_api_v1_why_post"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Asset
         * @description A file that a person brought; documents name it as `asset:<digest>`.
         */
        readonly Asset: {
            /** Created */
            readonly created: number;
            /** Digest */
            readonly digest: string;
            /** Height */
            readonly height?: number | null;
            /** Media Type */
            readonly media_type: string;
            /** Name */
            readonly name: string;
            /** Seconds */
            readonly seconds?: number | null;
            /** Size */
            readonly size: number;
            /** Width */
            readonly width?: number | null;
        };
        /**
         * AssetPage
         * @description Some assets, the newest first; `next` fetches the page after it.
         */
        readonly AssetPage: {
            /** Assets */
            readonly assets: readonly components["schemas"]["Asset"][];
            /** Next */
            readonly next?: string | null;
        };
        /**
         * Axis
         * @description One axis of a sweep: the inputs on it change together (zip); axes are combined with one another (product).
         */
        readonly Axis: {
            /** Values */
            readonly values: {
                readonly [key: string]: readonly components["schemas"]["JsonValue"][];
            };
        };
        /**
         * Cancelled
         * @description How many runs were cancelled.
         */
        readonly Cancelled: {
            /** Cancelled */
            readonly cancelled: number;
        };
        /**
         * CellOf
         * @description The place of a run in its sweep; `index` counts the cells in order.
         */
        readonly CellOf: {
            /** Index */
            readonly index: number;
            /** Sweep */
            readonly sweep: string;
        };
        /**
         * Change
         * @description Another priority for a run that waits, or the place before another one.
         */
        readonly Change: {
            /** Before */
            readonly before?: string | null;
            /** Priority */
            readonly priority?: number | null;
        };
        /**
         * Checked
         * @description What keeps a graph from being run: nothing, if the list is empty.
         */
        readonly Checked: {
            /** Problems */
            readonly problems: readonly components["schemas"]["ProblemShape"][];
        };
        /**
         * Counts
         * @description How many nodes ended in which way.
         */
        readonly Counts: {
            /** Blocked */
            readonly blocked: number;
            /** Cached */
            readonly cached: number;
            /** Failed */
            readonly failed: number;
            /** Ran */
            readonly ran: number;
        };
        /**
         * DiffQuestion
         * @description Two graphs.
         */
        readonly DiffQuestion: {
            /** New */
            readonly new: components["schemas"]["LibraryGraph"] | components["schemas"]["StoredGraph"] | Record<string, never>;
            /** Old */
            readonly old: components["schemas"]["LibraryGraph"] | components["schemas"]["StoredGraph"] | Record<string, never>;
        };
        /**
         * ErrorBody
         * @description The body of every answer that is not a success.
         */
        readonly ErrorBody: {
            readonly error: components["schemas"]["ErrorShape"];
        };
        /**
         * ErrorShape
         * @description What went wrong; `code` is for programs, `hint` says how to mend it.
         */
        readonly ErrorShape: {
            /** Code */
            readonly code: string;
            /** Current */
            readonly current?: {
                readonly [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Field */
            readonly field?: string | null;
            /** Hint */
            readonly hint?: string | null;
            /** Message */
            readonly message: string;
            /** Node */
            readonly node?: string | null;
            /** Port */
            readonly port?: string | null;
            /** Problems */
            readonly problems?: readonly components["schemas"]["ProblemShape"][] | null;
            /** Seconds */
            readonly seconds?: number | null;
        };
        /**
         * EventPage
         * @description State events of a run, in order; ask again after the last one's number.
         */
        readonly EventPage: {
            /** Events */
            readonly events: readonly (components["schemas"]["RunQueued"] | components["schemas"]["RunStarted"] | components["schemas"]["RunInterrupted"] | components["schemas"]["NodeStarted"] | components["schemas"]["ItemFinished"] | components["schemas"]["NodeCached"] | components["schemas"]["NodeFinished"] | components["schemas"]["NodeFailed"] | components["schemas"]["NodeBlocked"] | components["schemas"]["RunFinished"])[];
            /** Run */
            readonly run: string;
        };
        /**
         * Events
         * @description State events of one run, without a hole since the last message about it.
         */
        readonly Events: {
            /** Events */
            readonly events: readonly (components["schemas"]["RunQueued"] | components["schemas"]["RunStarted"] | components["schemas"]["RunInterrupted"] | components["schemas"]["NodeStarted"] | components["schemas"]["ItemFinished"] | components["schemas"]["NodeCached"] | components["schemas"]["NodeFinished"] | components["schemas"]["NodeFailed"] | components["schemas"]["NodeBlocked"] | components["schemas"]["RunFinished"])[];
            /** Run */
            readonly run: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "events";
        };
        /**
         * Export
         * @description A graph with its inputs, or a run; and the form that is wanted.
         */
        readonly Export: {
            /**
             * As
             * @enum {string}
             */
            readonly as: "json" | "png" | "python" | "curl";
            /** Graph */
            readonly graph?: (components["schemas"]["LibraryGraph"] | components["schemas"]["StoredGraph"] | Record<string, never>) | null;
            /** Inputs */
            readonly inputs?: {
                readonly [key: string]: unknown;
            };
            /** Run */
            readonly run?: string | null;
        };
        /**
         * Fault
         * @description Why a run failed as a whole, and what can be done.
         */
        readonly Fault: {
            /**
             * Code
             * @enum {string}
             */
            readonly code: "node_failed" | "worker_crashed" | "out_of_memory" | "worker_lost" | "too_many_attempts" | "refused";
            /** Message */
            readonly message: string;
            /**
             * Node
             * @default null
             */
            readonly node: string | null;
        };
        readonly FromClient: components["schemas"]["Subscribe"] | components["schemas"]["Unsubscribe"] | components["schemas"]["WatchQueue"] | components["schemas"]["Ping"];
        readonly FromServer: components["schemas"]["Welcome"] | components["schemas"]["Subscribed"] | components["schemas"]["Events"] | components["schemas"]["Snapshot"] | components["schemas"]["Progress"] | components["schemas"]["QueueChanged"] | components["schemas"]["Refused"] | components["schemas"]["Pong"];
        /**
         * GraphAt
         * @description The saved graph that a run was made from.
         */
        readonly GraphAt: {
            /** Id */
            readonly id: string;
            /** Revision */
            readonly revision: number;
        };
        /**
         * GraphPage
         * @description Saved graphs, those changed last first; `next` fetches the page after this.
         */
        readonly GraphPage: {
            /** Graphs */
            readonly graphs: readonly components["schemas"]["GraphSummary"][];
            /** Next */
            readonly next: string | null;
        };
        /**
         * GraphSummary
         * @description A saved graph without its document. Times are UTC, in seconds since 1970.
         */
        readonly GraphSummary: {
            /** Created */
            readonly created: number;
            /** Id */
            readonly id: string;
            /** Name */
            readonly name: string;
            /** Revision */
            readonly revision: number;
            /** Saved */
            readonly saved: number;
        };
        /**
         * GraphToSave
         * @description A graph as it is to be saved; its name is the document's where none is given.
         */
        readonly GraphToSave: {
            /** Graph document */
            readonly document: Record<string, never>;
            /** Name */
            readonly name?: string | null;
        };
        /**
         * Health
         * @description Whether the server answers.
         */
        readonly Health: {
            /**
             * Status
             * @enum {string}
             */
            readonly status: "ok" | "stopping";
        };
        /**
         * Import
         * @description What a file holds: nothing of it is kept and nothing is run.
         */
        readonly Import: {
            /** Graph */
            readonly graph: {
                readonly [key: string]: unknown;
            };
            /** Inputs */
            readonly inputs: {
                readonly [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Kind
             * @enum {string}
             */
            readonly kind: "json" | "png" | "python" | "curl";
            /**
             * Manifest
             * @default {}
             */
            readonly manifest: {
                readonly [key: string]: components["schemas"]["JsonValue"];
            };
            /** Missing */
            readonly missing: readonly string[];
            /** Name */
            readonly name: string;
            /** Plan */
            readonly plan?: string | null;
            /** Problems */
            readonly problems: readonly components["schemas"]["ProblemShape"][];
            /**
             * Refused
             * @default []
             */
            readonly refused: readonly components["schemas"]["RefusedNode"][];
        };
        /** ItemFinished */
        readonly ItemFinished: {
            /** At */
            readonly at: number;
            /** Item */
            readonly item: number;
            /** N */
            readonly n: number;
            /** Node */
            readonly node: string;
            /** Outputs */
            readonly outputs: {
                readonly [key: string]: string | readonly string[];
            };
            /** Seconds */
            readonly seconds: number;
            /** Tier */
            readonly tier: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "item_finished";
        };
        readonly JsonValue: unknown;
        /**
         * Library
         * @description The graphs that ship.
         */
        readonly Library: {
            /** Graphs */
            readonly graphs: readonly components["schemas"]["LibraryEntry"][];
        };
        /**
         * LibraryEntry
         * @description A graph that ships.
         */
        readonly LibraryEntry: {
            /** Library */
            readonly library: string;
            /** Name */
            readonly name: string;
        };
        /**
         * LibraryGraph
         * @description A graph that ships with the program.
         */
        readonly LibraryGraph: {
            /** Library */
            readonly library: string;
        };
        /**
         * Limits
         * @description The limits of this server; bytes, characters, seconds and counts.
         */
        readonly Limits: {
            /**
             * Axes
             * @default 8
             */
            readonly axes: number;
            /**
             * Axis Values
             * @default 10000
             */
            readonly axis_values: number;
            /**
             * Cells
             * @default 10000
             */
            readonly cells: number;
            /**
             * Events
             * @default 1000
             */
            readonly events: number;
            /**
             * Film Pixels
             * @default 16777216
             */
            readonly film_pixels: number;
            /**
             * Film Seconds
             * @default 3600
             */
            readonly film_seconds: number;
            /**
             * Header Bytes
             * @default 32768
             */
            readonly header_bytes: number;
            /**
             * Import Bytes
             * @default 67108864
             */
            readonly import_bytes: number;
            /**
             * Inputs Bytes
             * @default 32768
             */
            readonly inputs_bytes: number;
            /**
             * Json Bytes
             * @default 4194304
             */
            readonly json_bytes: number;
            /**
             * Json Depth
             * @default 64
             */
            readonly json_depth: number;
            /**
             * Json Text
             * @default 1000000
             */
            readonly json_text: number;
            /**
             * Json Values
             * @default 500000
             */
            readonly json_values: number;
            /**
             * Key
             * @default 200
             */
            readonly key: number;
            /**
             * Links
             * @default 500000
             */
            readonly links: number;
            /**
             * Message Bytes
             * @default 16384
             */
            readonly message_bytes: number;
            /**
             * Name
             * @default 1000
             */
            readonly name: number;
            /**
             * Nodes
             * @default 50000
             */
            readonly nodes: number;
            /**
             * Page
             * @default 200
             */
            readonly page: number;
            /**
             * Picture Frames
             * @default 1000
             */
            readonly picture_frames: number;
            /**
             * Picture Pixels
             * @default 100000000
             */
            readonly picture_pixels: number;
            /**
             * Priority
             * @default 1000
             */
            readonly priority: number;
            /**
             * Queue
             * @default 20000
             */
            readonly queue: number;
            /**
             * Receipt
             * @default 15
             */
            readonly receipt: number;
            /**
             * Receipt Rate
             * @default 16384
             */
            readonly receipt_rate: number;
            /**
             * Requests
             * @default 256
             */
            readonly requests: number;
            /**
             * Sockets
             * @default 2000
             */
            readonly sockets: number;
            /**
             * Sound Channels
             * @default 8
             */
            readonly sound_channels: number;
            /**
             * Sound Seconds
             * @default 3600
             */
            readonly sound_seconds: number;
            /**
             * Subscriptions
             * @default 256
             */
            readonly subscriptions: number;
            /**
             * Targets
             * @default 1000
             */
            readonly targets: number;
            /**
             * Upload Bytes
             * @default 268435456
             */
            readonly upload_bytes: number;
            /**
             * Uploads
             * @default 8
             */
            readonly uploads: number;
            /**
             * Url
             * @default 8192
             */
            readonly url: number;
            /**
             * Wait
             * @default 300
             */
            readonly wait: number;
        };
        /**
         * Login
         * @description The token of the server.
         */
        readonly Login: {
            /** Token */
            readonly token: string;
        };
        /**
         * Model
         * @description A model that a document can name.
         */
        readonly Model: {
            /** Bytes */
            readonly bytes: number | null;
            /** Kind */
            readonly kind: string;
            /** Name */
            readonly name: string;
        };
        /**
         * NewAxis
         * @description One axis: the inputs on it change together (zip); axes are combined with one another (product).
         */
        readonly NewAxis: {
            /** Values */
            readonly values: {
                readonly [key: string]: readonly unknown[];
            };
        };
        /**
         * NewRun
         * @description A graph to run, with values for its public inputs.
         */
        readonly NewRun: {
            /** Graph */
            readonly graph: components["schemas"]["LibraryGraph"] | components["schemas"]["StoredGraph"] | Record<string, never>;
            /** Inputs */
            readonly inputs?: {
                readonly [key: string]: unknown;
            };
            /**
             * Priority
             * @default 0
             */
            readonly priority: number;
            /** Targets */
            readonly targets?: readonly string[];
        };
        /**
         * NewShare
         * @description The run to share.
         */
        readonly NewShare: {
            /** Run */
            readonly run: string;
        };
        /**
         * NewSweep
         * @description A graph to run once for each cell.
         */
        readonly NewSweep: {
            /** Axes */
            readonly axes: readonly components["schemas"]["NewAxis"][];
            /** Graph */
            readonly graph: components["schemas"]["LibraryGraph"] | components["schemas"]["StoredGraph"] | Record<string, never>;
            /** Inputs */
            readonly inputs?: {
                readonly [key: string]: unknown;
            };
            /**
             * Priority
             * @default 0
             */
            readonly priority: number;
            /** Targets */
            readonly targets?: readonly string[];
        };
        /** NodeBlocked */
        readonly NodeBlocked: {
            /** At */
            readonly at: number;
            /** By */
            readonly by: string;
            /** N */
            readonly n: number;
            /** Node */
            readonly node: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "node_blocked";
        };
        /** NodeCached */
        readonly NodeCached: {
            /** At */
            readonly at: number;
            /** N */
            readonly n: number;
            /** Node */
            readonly node: string;
            /** Outputs */
            readonly outputs: {
                readonly [key: string]: string | readonly string[];
            };
            /** Tier */
            readonly tier: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "node_cached";
        };
        /** NodeFailed */
        readonly NodeFailed: {
            /** At */
            readonly at: number;
            /**
             * Blame
             * @enum {string}
             */
            readonly blame: "input" | "node";
            /**
             * Item
             * @default null
             */
            readonly item: number | null;
            /** Message */
            readonly message: string;
            /** N */
            readonly n: number;
            /** Node */
            readonly node: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "node_failed";
        };
        /** NodeFinished */
        readonly NodeFinished: {
            /** At */
            readonly at: number;
            /**
             * Cached
             * @default 0
             */
            readonly cached: number;
            /** N */
            readonly n: number;
            /** Node */
            readonly node: string;
            /** Outputs */
            readonly outputs: {
                readonly [key: string]: string | readonly string[];
            };
            /** Peak */
            readonly peak: number | null;
            /**
             * Ran
             * @default 1
             */
            readonly ran: number;
            /** Seconds */
            readonly seconds: number;
            /** Summaries */
            readonly summaries: {
                readonly [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "node_finished";
        };
        /** NodeStarted */
        readonly NodeStarted: {
            /** At */
            readonly at: number;
            /**
             * Items
             * @default null
             */
            readonly items: number | null;
            /** N */
            readonly n: number;
            /** Node */
            readonly node: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "node_started";
        };
        /**
         * NodeState
         * @description Where a node stands, as its events add up to.
         */
        readonly NodeState: {
            /**
             * By
             * @default null
             */
            readonly by: string | null;
            /**
             * Finished Items
             * @default null
             */
            readonly finished_items: number | null;
            /**
             * Items
             * @default null
             */
            readonly items: number | null;
            /**
             * Message
             * @default null
             */
            readonly message: string | null;
            /** Outputs */
            readonly outputs?: {
                readonly [key: string]: string | readonly string[];
            };
            /**
             * Peak
             * @default null
             */
            readonly peak: number | null;
            /**
             * Seconds
             * @default null
             */
            readonly seconds: number | null;
            /**
             * Status
             * @enum {string}
             */
            readonly status: "waiting" | "running" | "cached" | "done" | "failed" | "blocked";
            /** Summaries */
            readonly summaries?: {
                readonly [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Tier
             * @default null
             */
            readonly tier: string | null;
        };
        /**
         * Output
         * @description A public output that was made: where it comes from, and its content (a list has one digest for each item).
         */
        readonly Output: {
            /** Digests */
            readonly digests: readonly string[];
            /** Link */
            readonly link: string;
            /**
             * Many
             * @default false
             */
            readonly many: boolean;
            /** Type */
            readonly type: string;
        };
        /**
         * Page
         * @description A page of runs, newest first; `next` fetches the one after it.
         */
        readonly Page: {
            /** Next */
            readonly next?: string | null;
            /** Runs */
            readonly runs: readonly components["schemas"]["Run"][];
        };
        /** Ping */
        readonly Ping: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "ping";
        };
        /** Pong */
        readonly Pong: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "pong";
        };
        /**
         * ProblemShape
         * @description One thing that is wrong with what was sent.
         */
        readonly ProblemShape: {
            /** Field */
            readonly field?: string | null;
            /** Hint */
            readonly hint?: string | null;
            /** Message */
            readonly message: string;
            /** Node */
            readonly node?: string | null;
            /** Port */
            readonly port?: string | null;
        };
        /**
         * Progress
         * @description A node is at `step` of `total`; `rate` is in steps per second, `left` in seconds.
         */
        readonly Progress: {
            /**
             * Item
             * @default null
             */
            readonly item: number | null;
            /**
             * Left
             * @default null
             */
            readonly left: number | null;
            /** Node */
            readonly node: string;
            /**
             * Rate
             * @default null
             */
            readonly rate: number | null;
            /** Run */
            readonly run: string;
            /** Step */
            readonly step: number;
            /** Total */
            readonly total: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "progress";
        };
        /**
         * Question
         * @description A graph with inputs that are to be set on it.
         */
        readonly Question: {
            /** Graph */
            readonly graph: components["schemas"]["LibraryGraph"] | components["schemas"]["StoredGraph"] | Record<string, never>;
            /** Inputs */
            readonly inputs?: {
                readonly [key: string]: unknown;
            };
            /** Targets */
            readonly targets?: readonly string[];
        };
        /**
         * Queue
         * @description The runs that are next, how many there are of each status, and whether new ones are held back.
         */
        readonly Queue: {
            /** Counts */
            readonly counts: {
                readonly [key: string]: number;
            };
            /** Paused */
            readonly paused: boolean;
            /** Runs */
            readonly runs: readonly components["schemas"]["Run"][];
        };
        /**
         * QueueChanged
         * @description A run as it stands now, the number of runs that wait, and whether new ones are held back.
         */
        readonly QueueChanged: {
            /** Paused */
            readonly paused: boolean;
            /** Queued */
            readonly queued: number;
            readonly run: components["schemas"]["Run"] | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "queue_changed";
        };
        /**
         * Refused
         * @description A message could not be carried out; the socket stays open.
         */
        readonly Refused: {
            /** Code */
            readonly code: string;
            /** Message */
            readonly message: string;
            /**
             * Run
             * @default null
             */
            readonly run: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "refused";
        };
        /**
         * RefusedNode
         * @description A node that could not run here, and why.
         */
        readonly RefusedNode: {
            /** Node */
            readonly node: string;
            /** Reason */
            readonly reason: string;
        };
        /**
         * Results
         * @description Cells of a sweep in order, each as its run with its exact inputs; ask again `after` the last index.
         */
        readonly Results: {
            /** Next */
            readonly next: number | null;
            /** Runs */
            readonly runs: readonly components["schemas"]["Run"][];
            /** Sweep */
            readonly sweep: string;
        };
        /**
         * Revisions
         * @description The states of a saved graph, the latest first.
         */
        readonly Revisions: {
            /** Revisions */
            readonly revisions: readonly components["schemas"]["RevisionSummary"][];
        };
        /**
         * RevisionSummary
         * @description One state of a saved graph; revisions count up by one.
         */
        readonly RevisionSummary: {
            /** Name */
            readonly name: string;
            /** Revision */
            readonly revision: number;
            /** Saved */
            readonly saved: number;
        };
        /**
         * Run
         * @description One run of one graph with its exact inputs.
         *
         *     `number` counts up over all runs of a server; `last` is the number of its latest event, -1 before the first.
         *     `started` and `counts` are of the latest attempt; `models` names what the run loads, as far as it was told.
         */
        readonly Run: {
            /** Attempt */
            readonly attempt: number;
            /** @default null */
            readonly cell: components["schemas"]["CellOf"] | null;
            /** @default null */
            readonly counts: components["schemas"]["Counts"] | null;
            /** Created */
            readonly created: number;
            /** @default null */
            readonly fault: components["schemas"]["Fault"] | null;
            /**
             * Finished
             * @default null
             */
            readonly finished: number | null;
            /** @default null */
            readonly graph: components["schemas"]["GraphAt"] | null;
            /** Id */
            readonly id: string;
            /** Inputs */
            readonly inputs: {
                readonly [key: string]: components["schemas"]["JsonValue"];
            };
            /** Last */
            readonly last: number;
            /**
             * Models
             * @default []
             */
            readonly models: readonly string[];
            /** Name */
            readonly name: string;
            /** Number */
            readonly number: number;
            /** Outputs */
            readonly outputs?: {
                readonly [key: string]: components["schemas"]["Output"];
            };
            /** Priority */
            readonly priority: number;
            /**
             * Retry Of
             * @default null
             */
            readonly retry_of: string | null;
            /**
             * Started
             * @default null
             */
            readonly started: number | null;
            /**
             * Status
             * @enum {string}
             */
            readonly status: "queued" | "running" | "done" | "failed" | "cancelled";
            /** Targets */
            readonly targets: readonly string[];
        };
        /**
         * RunFinished
         * @description The last event of a run.
         */
        readonly RunFinished: {
            /** At */
            readonly at: number;
            readonly counts: components["schemas"]["Counts"];
            /** @default null */
            readonly fault: components["schemas"]["Fault"] | null;
            /** N */
            readonly n: number;
            /** Outputs */
            readonly outputs: {
                readonly [key: string]: components["schemas"]["Output"];
            };
            /** Seconds */
            readonly seconds: number;
            /**
             * Status
             * @enum {string}
             */
            readonly status: "queued" | "running" | "done" | "failed" | "cancelled";
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "run_finished";
        };
        /**
         * RunInterrupted
         * @description The worker or the server was lost; the run waits to be taken again.
         */
        readonly RunInterrupted: {
            /** At */
            readonly at: number;
            /** N */
            readonly n: number;
            /** Reason */
            readonly reason: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "run_interrupted";
        };
        /** RunQueued */
        readonly RunQueued: {
            /** At */
            readonly at: number;
            /** N */
            readonly n: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "run_queued";
        };
        /**
         * RunStarted
         * @description A worker has taken the run; after a crash it is taken again, and what was finished comes from the cache.
         */
        readonly RunStarted: {
            /** At */
            readonly at: number;
            /** Attempt */
            readonly attempt: number;
            /** N */
            readonly n: number;
            /** Nodes */
            readonly nodes: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "run_started";
        };
        /**
         * SavedGraph
         * @description A saved graph at one revision; `document` is the JSON that the command line runs.
         */
        readonly SavedGraph: {
            /** Created */
            readonly created: number;
            /** Document */
            readonly document: {
                readonly [key: string]: components["schemas"]["JsonValue"];
            };
            /** Id */
            readonly id: string;
            /** Name */
            readonly name: string;
            /** Revision */
            readonly revision: number;
            /** Saved */
            readonly saved: number;
        };
        /**
         * Share
         * @description A link that shows one run and its graph to whoever holds it, until it is revoked.
         */
        readonly Share: {
            /** Created */
            readonly created: number;
            /** Id */
            readonly id: string;
            /** Revoked */
            readonly revoked?: number | null;
            /** Run */
            readonly run: string;
        };
        /**
         * Shared
         * @description A new link: `path` holds its token, and is not told again.
         */
        readonly Shared: {
            /** Path */
            readonly path: string;
            readonly share: components["schemas"]["Share"];
        };
        /**
         * SharePage
         * @description Some links, the newest first; `next` fetches the page after it.
         */
        readonly SharePage: {
            /** Next */
            readonly next?: string | null;
            /** Shares */
            readonly shares: readonly components["schemas"]["Share"][];
        };
        /**
         * Snapshot
         * @description Replaces all that the client knew of a run; events go on after `n`.
         */
        readonly Snapshot: {
            /** N */
            readonly n: number;
            /** Nodes */
            readonly nodes: {
                readonly [key: string]: components["schemas"]["NodeState"];
            };
            readonly run: components["schemas"]["Run"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "snapshot";
        };
        /**
         * StoredGraph
         * @description A saved graph; the latest revision where none is named.
         */
        readonly StoredGraph: {
            /** Revision */
            readonly revision?: number | null;
            /** Saved */
            readonly saved: string;
        };
        /**
         * Subscribe
         * @description Ask for the events of a run after number `after` (-1: all).
         */
        readonly Subscribe: {
            /**
             * After
             * @default -1
             */
            readonly after: number;
            /**
             * Previews
             * @default true
             */
            readonly previews: boolean;
            /** Run */
            readonly run: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "subscribe";
        };
        /**
         * Subscribed
         * @description A subscription stands. Preview frames name the run by `number`, and a node by its place in `nodes`.
         */
        readonly Subscribed: {
            /** Nodes */
            readonly nodes: readonly string[];
            /** Number */
            readonly number: number;
            /** Run */
            readonly run: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "subscribed";
        };
        /**
         * Sweep
         * @description One submission of many runs over public inputs.
         */
        readonly Sweep: {
            /** Axes */
            readonly axes: readonly components["schemas"]["Axis"][];
            /** Cells */
            readonly cells: number;
            /** Counts */
            readonly counts: {
                readonly [key: string]: number;
            };
            /** Created */
            readonly created: number;
            /** Id */
            readonly id: string;
            /** Name */
            readonly name: string;
        };
        /** Unsubscribe */
        readonly Unsubscribe: {
            /** Run */
            readonly run: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "unsubscribe";
        };
        /**
         * ValueSummary
         * @description What sums a value up; of a list, every item. null stands for an item that is gone.
         */
        readonly ValueSummary: {
            /** Digests */
            readonly digests: readonly string[];
            /** Link */
            readonly link: string;
            /** Many */
            readonly many: boolean;
            /** Summaries */
            readonly summaries: readonly components["schemas"]["JsonValue"][];
        };
        /**
         * WatchQueue
         * @description Ask for a message whenever a run is queued, changes its status, or the queue is paused.
         */
        readonly WatchQueue: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "watch_queue";
        };
        /**
         * Welcome
         * @description The first message. `epoch` changes when the server is started again.
         */
        readonly Welcome: {
            /** Epoch */
            readonly epoch: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly type: "welcome";
            /** Version */
            readonly version: number;
        };
        /**
         * WhyQuestion
         * @description A node of a graph.
         */
        readonly WhyQuestion: {
            /** Graph */
            readonly graph: components["schemas"]["LibraryGraph"] | components["schemas"]["StoredGraph"] | Record<string, never>;
            /** Inputs */
            readonly inputs?: {
                readonly [key: string]: unknown;
            };
            /** Node */
            readonly node: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly list_assets_api_v1_assets_get: {
        readonly parameters: {
            readonly query?: {
                readonly after?: string | null;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AssetPage"];
                };
            };
        };
    };
    readonly bring_api_v1_assets_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description percent-encoded UTF-8 */
                readonly "x-filename"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/octet-stream": string;
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description OK */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Asset"];
                };
            };
            /** @description Successful Response */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Asset"];
                };
            };
        };
    };
    readonly get_api_v1_assets__digest__get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly digest: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "audio/flac": string;
                    readonly "audio/mpeg": string;
                    readonly "audio/ogg": string;
                    readonly "audio/wav": string;
                    readonly "image/gif": string;
                    readonly "image/jpeg": string;
                    readonly "image/png": string;
                    readonly "image/webp": string;
                    readonly "video/mp4": string;
                    readonly "video/webm": string;
                };
            };
        };
    };
    readonly check_api_v1_check_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Question"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Checked"];
                };
            };
        };
    };
    readonly diff_api_v1_diff_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DiffQuestion"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly export_api_v1_export_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Export"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": unknown;
                    readonly "image/png": unknown;
                    readonly "text/x-python": unknown;
                    readonly "text/x-shellscript": unknown;
                };
            };
        };
    };
    readonly list_graphs_api_v1_graphs_get: {
        readonly parameters: {
            readonly query?: {
                readonly after?: string | null;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["GraphPage"];
                };
            };
        };
    };
    readonly create_api_v1_graphs_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["GraphToSave"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SavedGraph"];
                };
            };
        };
    };
    readonly get_api_v1_graphs__id__get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SavedGraph"];
                };
            };
        };
    };
    readonly save_api_v1_graphs__id__put: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The revision that is changed, such as "3". */
                readonly "if-match"?: string | null;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["GraphToSave"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SavedGraph"];
                };
            };
        };
    };
    readonly delete_api_v1_graphs__id__delete: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The revision that is changed, such as "3". */
                readonly "if-match"?: string | null;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly diff_api_v1_graphs__id__diff_get: {
        readonly parameters: {
            readonly query: {
                readonly from: number;
                readonly to: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly revisions_api_v1_graphs__id__revisions_get: {
        readonly parameters: {
            readonly query?: {
                readonly before?: number | null;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Revisions"];
                };
            };
        };
    };
    readonly get_revision_api_v1_graphs__id__revisions__revision__get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
                readonly revision: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SavedGraph"];
                };
            };
        };
    };
    readonly restore_api_v1_graphs__id__revisions__revision__restore_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The revision that is changed, such as "3". */
                readonly "if-match"?: string | null;
            };
            readonly path: {
                readonly id: string;
                readonly revision: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SavedGraph"];
                };
            };
        };
    };
    readonly health_api_v1_health_get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    readonly look_api_v1_import_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/octet-stream": string;
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Import"];
                };
            };
        };
    };
    readonly library_api_v1_library_get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Library"];
                };
            };
        };
    };
    readonly library_graph_api_v1_library__name__get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly limits_api_v1_limits_get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Limits"];
                };
            };
        };
    };
    readonly metrics_api_v1_metrics_get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/plain": string;
                };
            };
        };
    };
    readonly models_api_v1_models_get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": readonly components["schemas"]["Model"][];
                };
            };
        };
    };
    readonly nodes_api_v1_nodes_get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly contract_api_v1_openapi_json_get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly plan_api_v1_plan_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Question"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly queue_api_v1_queue_get: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    readonly cancel_api_v1_queue_cancel_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Cancelled"];
                };
            };
        };
    };
    readonly pause_api_v1_queue_pause_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    readonly resume_api_v1_queue_resume_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    readonly list_runs_api_v1_runs_get: {
        readonly parameters: {
            readonly query?: {
                readonly before?: string | null;
                readonly graph?: string | null;
                readonly limit?: number;
                readonly status?: ("queued" | "running" | "done" | "failed" | "cancelled") | null;
                readonly sweep?: string | null;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Page"];
                };
            };
        };
    };
    readonly submit_api_v1_runs_post: {
        readonly parameters: {
            readonly query?: {
                /** @description Answer when the run has ended, or after so many seconds. */
                readonly wait?: number;
            };
            readonly header?: {
                /** @description Text of your own; the same text with the same body makes nothing twice. */
                readonly "idempotency-key"?: string | null;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewRun"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description OK */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Successful Response */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Accepted */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
        };
    };
    readonly get_api_v1_runs__id__get: {
        readonly parameters: {
            readonly query?: {
                /** @description Answer when the run has ended, or after so many seconds. */
                readonly wait?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
        };
    };
    readonly delete_api_v1_runs__id__delete: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly change_api_v1_runs__id__patch: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Change"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
        };
    };
    readonly cancel_api_v1_runs__id__cancel_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
        };
    };
    readonly events_api_v1_runs__id__events_get: {
        readonly parameters: {
            readonly query?: {
                readonly after?: number;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EventPage"];
                };
            };
        };
    };
    readonly graph_api_v1_runs__id__graph_get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
    readonly retry_api_v1_runs__id__retry_post: {
        readonly parameters: {
            readonly query?: {
                /** @description Answer when the run has ended, or after so many seconds. */
                readonly wait?: number;
            };
            readonly header?: {
                /** @description Text of your own; the same text with the same body makes nothing twice. */
                readonly "idempotency-key"?: string | null;
            };
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description OK */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Successful Response */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
        };
    };
    readonly show_api_v1_runs__id__values__link__get: {
        readonly parameters: {
            readonly query?: {
                readonly as?: string;
                readonly item?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
                /** @description `node.port`, `sub/node.port` or `node.port[3]` */
                readonly link: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ValueSummary"];
                    readonly "application/octet-stream": unknown;
                    readonly "image/png": unknown;
                    readonly "text/plain": unknown;
                };
            };
        };
    };
    readonly am_i_in_api_v1_session_get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly log_in_api_v1_session_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Login"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly log_out_api_v1_session_delete: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    readonly list_shares_api_v1_shares_get: {
        readonly parameters: {
            readonly query?: {
                readonly after?: string | null;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SharePage"];
                };
            };
        };
    };
    readonly share_api_v1_shares_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewShare"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Shared"];
                };
            };
        };
    };
    readonly revoke_api_v1_shares__id__delete: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Share"];
                };
            };
        };
    };
    readonly submit_api_v1_sweeps_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Text of your own; the same text with the same body makes nothing twice. */
                readonly "idempotency-key"?: string | null;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["NewSweep"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description OK */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sweep"];
                };
            };
            /** @description Successful Response */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sweep"];
                };
            };
        };
    };
    readonly get_api_v1_sweeps__id__get: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Sweep"];
                };
            };
        };
    };
    readonly cancel_api_v1_sweeps__id__cancel_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Cancelled"];
                };
            };
        };
    };
    readonly results_api_v1_sweeps__id__results_get: {
        readonly parameters: {
            readonly query?: {
                readonly after?: number;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Results"];
                };
            };
        };
    };
    readonly why_api_v1_why_post: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["WhyQuestion"];
            };
        };
        readonly responses: {
            /** @description It cannot be done like this; `error` says why and how to mend it. */
            readonly "4XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It cannot be done now. */
            readonly "5XX": {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Successful Response */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly [key: string]: unknown;
                    };
                };
            };
        };
    };
}
