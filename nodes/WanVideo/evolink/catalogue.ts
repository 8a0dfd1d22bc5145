/** The catalogue of what can go wrong at EvoLink, in plain words: the cause, and what to do next. */
export type FailureKind =
	| 'invalidRequest'
	| 'materialUnusable'
	| 'unauthorized'
	| 'outOfCredits'
	| 'modelNotAllowed'
	| 'forbidden'
	| 'taskNotFound'
	| 'taskNotSeen'
	| 'taskNotTold'
	| 'addressWrong'
	| 'rateLimited'
	| 'contentPolicy'
	| 'serviceTrouble'
	| 'generationFailed'
	| 'cancelled'
	| 'noVideo'
	| 'notReached'
	| 'certificateRefused'
	| 'credentialUnusable'
	| 'packageRemoved'
	| 'proxyRefused'
	| 'gatewayAnswer'
	| 'requestTooLarge'
	| 'replyLost'
	| 'unreadableAnswer'
	| 'outcomeUnknown'
	| 'outcomeUnclear'
	| 'taskUnclear'
	| 'nodeTrouble'
	| 'fileNotRead'
	| 'interrupted'
	| 'fileTypeRefused'
	| 'fileTooLarge'
	| 'storageFull'
	| 'storageRefused'
	| 'videoNotFetched'
	| 'videoNotStored'
	| 'linkExpired'
	| 'noTimeLeft'
	| 'submitUnderWay';

/** Cause and next step of each kind. */
export const CATALOGUE: Readonly<Record<FailureKind, { cause: string; advice: string }>> = {
	invalidRequest: {
		cause: 'EvoLink does not accept the request',
		advice: 'Change the field that EvoLink names, then run the item again.',
	},
	materialUnusable: {
		cause: 'EvoLink could not use one of the materials',
		advice:
			'Check that every URL opens without a login and holds a file of an allowed format and size, then run the item again.',
	},
	unauthorized: {
		cause: 'EvoLink does not accept the API key',
		advice: 'Open the credential, enter a valid key from evolink.ai/dashboard/keys and test it.',
	},
	outOfCredits: {
		cause: 'The credits at EvoLink are not sufficient',
		advice:
			"Top up the account, or raise the limit of the API key, then run the item again. 'Account: Get Credits' shows what is left.",
	},
	modelNotAllowed: {
		cause: 'The API key has no access to the model',
		advice: 'Allow the model for this key in the EvoLink dashboard, or use another key.',
	},
	forbidden: {
		cause: 'EvoLink refuses access',
		advice:
			'Check the restrictions of the API key at EvoLink. A task needs a key of the account that submitted it.',
	},
	taskNotFound: {
		cause: 'EvoLink does not know the task, or does not keep it any longer',
		advice: 'Check the task ID and that the credential belongs to the account that submitted it.',
	},
	taskNotSeen: {
		cause: 'EvoLink does not know the task that it has accepted',
		advice:
			"It may only be late. Retry the execution, or use 'Task: Wait' with the task ID: neither makes a new video. If EvoLink still does not know it then, ask EvoLink about the task.",
	},
	taskNotTold: {
		cause: 'EvoLink does not say how the task stands',
		advice: 'Check the task ID and that the credential belongs to the account that submitted it.',
	},
	addressWrong: {
		cause: 'The address does not answer like the EvoLink API',
		advice: "Check 'Base URL' in the credential.",
	},
	rateLimited: {
		cause: 'EvoLink is receiving too many requests from this key',
		advice: "Run again later, or lower 'Tasks at Once' in the options.",
	},
	contentPolicy: {
		cause: "The content is blocked by EvoLink's safety filter",
		advice: 'Change the prompt or the materials, then run the item again.',
	},
	serviceTrouble: {
		cause: 'EvoLink has trouble of its own',
		advice: 'Run the item again in a few minutes.',
	},
	generationFailed: {
		cause: 'EvoLink could not make the video',
		advice:
			'Run the item again; when it happens again, change the prompt or ask EvoLink about the task.',
	},
	cancelled: {
		cause: 'The task was cancelled at EvoLink',
		advice: 'Run the item again.',
	},
	noVideo: {
		cause: 'EvoLink reports the task as completed but names no video',
		advice:
			"Look at the task with 'Task: Get'; when there is no video, ask EvoLink about the task.",
	},
	notReached: {
		cause: 'EvoLink could not be reached',
		advice: "Check the connection of n8n and 'Base URL' in the credential, then run again.",
	},
	certificateRefused: {
		cause: 'The certificate at the address of EvoLink is not trusted',
		advice:
			"If a proxy or a server of your own is in between, start n8n with the environment variable NODE_EXTRA_CA_CERTS naming the file of its root certificate. Else check 'Base URL' in the credential and the clock of the machine that n8n runs on.",
	},
	credentialUnusable: {
		cause: 'The credential cannot be used',
		advice:
			"Open the credential and correct it. EvoLink's own addresses are https://api.evolink.ai for 'Base URL' and https://files-api.evolink.ai for 'Files URL'.",
	},
	packageRemoved: {
		cause: 'The package n8n-nodes-wan-video is no longer installed in n8n',
		advice: 'Install it again under Settings > Community nodes, then run again.',
	},
	proxyRefused: {
		cause: 'The proxy between n8n and EvoLink asks for a login',
		advice:
			'Put the user name and the password of the proxy into the environment variables HTTP_PROXY and HTTPS_PROXY of n8n, then run again.',
	},
	gatewayAnswer: {
		cause: 'Something between n8n and EvoLink answered in its place',
		advice:
			"Look for a proxy, a firewall or a login page on the way, and check 'Base URL' in the credential.",
	},
	requestTooLarge: {
		cause: 'The request is too large',
		advice:
			'Make the files smaller, or give the materials as public URLs. If a proxy or a server of your own is in between, raise its limit of size.',
	},
	replyLost: {
		cause: 'The connection to EvoLink broke before its answer arrived',
		advice: 'Run again later.',
	},
	unreadableAnswer: {
		cause: "EvoLink's answer could not be understood",
		advice: "Run again later, and check 'Base URL' in the credential.",
	},
	outcomeUnknown: {
		cause: 'An earlier try submitted this item and got no answer, so it is not submitted again',
		advice: 'Run again later.',
	},
	outcomeUnclear: {
		cause:
			'An earlier try submitted this item and got an answer that does not say whether there is a task, so it is not submitted again',
		advice: 'Run again later.',
	},
	taskUnclear: {
		cause: "EvoLink's answer to the submit is unclear, but it names a task",
		advice:
			"Look at the task with 'Task: Get': if it is there, get its video with 'Task: Wait' and its ID; if it is not, run the item in a new execution. A retry of this execution does not submit it again.",
	},
	interrupted: {
		cause:
			'n8n ended while an earlier run of this execution was submitting this item, so it is not submitted again',
		advice: 'Run again later.',
	},
	nodeTrouble: {
		cause: 'Something in n8n failed while the node worked on this item',
		advice: 'Run the item again; when it happens again, report the text in quotes.',
	},
	fileNotRead: {
		cause: 'The file of this item could not be read from n8n, so nothing was charged for this item',
		advice:
			"n8n's store of files may have lost it. Run the item again from the node that made the file.",
	},
	fileTypeRefused: {
		cause: "EvoLink's file storage does not take this type of file",
		advice:
			'Give the material as a public URL instead. Images can also be converted to JPEG or PNG, which it takes.',
	},
	fileTooLarge: {
		cause: "The file is too large for EvoLink's file storage",
		advice: 'Make the file smaller, or give the material as a public URL.',
	},
	storageFull: {
		cause: "EvoLink's file storage is full",
		advice:
			"Wait until files expire (72 hours), or delete some at EvoLink; 'File: Get Quota' tells how many there are.",
	},
	storageRefused: {
		cause: "EvoLink's file storage does not accept the request",
		advice: 'Run the item again, or give the material as a public URL instead of a file.',
	},
	videoNotFetched: {
		cause: 'The video is ready but could not be downloaded',
		advice: "Retry the execution, or use 'Task: Wait' with the task ID: neither makes a new video.",
	},
	videoNotStored: {
		cause: 'The video is ready but could not be stored in n8n',
		advice:
			"Mend n8n's store, or switch 'Download' off. Retry the execution then, or use 'Task: Wait' with the task ID: neither makes a new video.",
	},
	linkExpired: {
		cause: 'The link to the video has expired; EvoLink keeps it for 24 hours',
		advice:
			'Ask EvoLink about the task. Only a new run would make the video again, and be charged.',
	},
	noTimeLeft: {
		cause: 'The time was up before the task could be submitted',
		advice: 'Run it again in a minute.',
	},
	submitUnderWay: {
		cause: 'EvoLink has not answered the submit yet',
		advice: 'Ask again in a minute for the same video: it is not charged again.',
	},
};
