/** Generated from the schema by `npm run generate`; do not edit. */
export const openapi: unknown = {
 "openapi": "3.1.0",
 "info": {
  "title": "Millrace",
  "version": "0.1.0",
  "description": "A self-hosted model cloud: one API in front of your models.",
  "license": {
   "name": "Apache-2.0",
   "identifier": "Apache-2.0"
  }
 },
 "servers": [
  {
   "url": "/"
  }
 ],
 "security": [
  {
   "key": []
  }
 ],
 "tags": [
  {
   "name": "models"
  },
  {
   "name": "tasks"
  },
  {
   "name": "resources"
  },
  {
   "name": "uploads"
  },
  {
   "name": "insight"
  },
  {
   "name": "probes"
  }
 ],
 "paths": {
  "/v1/chat/completions": {
   "post": {
    "operationId": "chat",
    "tags": [
     "models"
    ],
    "summary": "Chat, on OpenAI's wire.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ChatCompletionRequest"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer, or the stream of it.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "description": "As OpenAI's API answers."
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/completions": {
   "post": {
    "operationId": "complete",
    "tags": [
     "models"
    ],
    "summary": "Text completion, on OpenAI's wire.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/CompletionRequest"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer, or the stream of it.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "description": "As OpenAI's API answers."
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/embeddings": {
   "post": {
    "operationId": "embed",
    "tags": [
     "models"
    ],
    "summary": "Embeddings, on OpenAI's wire.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/EmbeddingRequest"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer, or the stream of it.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "description": "As OpenAI's API answers."
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/inference": {
   "post": {
    "operationId": "infer",
    "tags": [
     "models"
    ],
    "summary": "The plain way to ask, in words or in tensors, whatever the model is for.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "oneOf": [
         {
          "$ref": "#/components/schemas/InferenceRequest"
         },
         {
          "$ref": "#/components/schemas/TensorRequest"
         }
        ]
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer, or the stream of it.",
      "content": {
       "application/json": {
        "schema": {
         "oneOf": [
          {
           "$ref": "#/components/schemas/InferenceResponse"
          },
          {
           "$ref": "#/components/schemas/TensorResponse"
          }
         ]
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/messages": {
   "post": {
    "operationId": "message",
    "tags": [
     "models"
    ],
    "summary": "Chat, on Anthropic's wire. Refusals have Anthropic's shape.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/MessagesRequest"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer, or the stream of it.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/MessagesResponse"
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/messages/count_tokens": {
   "post": {
    "operationId": "countTokens",
    "tags": [
     "models"
    ],
    "summary": "How many tokens a prompt has: the engine reads it and says so.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/CountTokensRequest"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer, or the stream of it.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "input_tokens": {
           "type": "integer",
           "minimum": 0
          }
         },
         "required": [
          "input_tokens"
         ]
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/feedback": {
   "post": {
    "operationId": "giveFeedback",
    "tags": [
     "models"
    ],
    "summary": "What somebody thinks of an answer: kept with the version that gave it.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/FeedbackRequest"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "It is kept.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "request_id": {
           "type": "string"
          },
          "model": {
           "type": "string"
          }
         },
         "required": [
          "request_id",
          "model"
         ]
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/models": {
   "get": {
    "operationId": "listServedModels",
    "tags": [
     "models"
    ],
    "summary": "What can be asked.",
    "responses": {
     "200": {
      "description": "The deployments.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "object": {
           "type": "string"
          },
          "data": {
           "type": "array",
           "items": {
            "type": "object"
           }
          }
         }
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/tasks": {
   "post": {
    "operationId": "submitTask",
    "tags": [
     "tasks"
    ],
    "summary": "Hand in a request that is run later, or up to 1000, all or none.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "oneOf": [
         {
          "$ref": "#/components/schemas/TaskRequest"
         },
         {
          "$ref": "#/components/schemas/TaskRequests"
         }
        ]
       }
      }
     }
    },
    "responses": {
     "202": {
      "description": "On disk: the task, or the list of them.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Task"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "get": {
    "operationId": "listTasks",
    "tags": [
     "tasks"
    ],
    "summary": "Tasks, newest first.",
    "parameters": [
     {
      "name": "status",
      "in": "query",
      "description": "Only those in this state.",
      "schema": {
       "enum": [
        "queued",
        "leased",
        "running",
        "succeeded",
        "failed",
        "cancelled",
        "expired",
        "dead"
       ]
      }
     },
     {
      "name": "model",
      "in": "query",
      "description": "Only those for this model.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "from",
      "in": "query",
      "description": "Submitted at or after; RFC 3339.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "until",
      "in": "query",
      "description": "Submitted before; RFC 3339.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "tenant",
      "in": "query",
      "description": "For administrators: whose.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "after",
      "in": "query",
      "description": "The last id of the page before.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "description": "At most so many.",
      "schema": {
       "type": "integer",
       "minimum": 1
      }
     }
    ],
    "responses": {
     "200": {
      "description": "A page.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "data": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Task"
           }
          },
          "has_more": {
           "type": "boolean"
          },
          "last_id": {
           "type": "string"
          }
         }
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/tasks/counts": {
   "get": {
    "operationId": "countTasks",
    "tags": [
     "tasks"
    ],
    "summary": "How many there are by model and state.",
    "parameters": [
     {
      "name": "tenant",
      "in": "query",
      "description": "For administrators: whose.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The counts.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/tasks/webhook-secret": {
   "get": {
    "operationId": "webhookSecret",
    "tags": [
     "tasks"
    ],
    "summary": "What deliveries to your webhooks are signed with.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "secret": {
           "type": "string"
          }
         }
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/tasks/{id}": {
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "Its id.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getTask",
    "tags": [
     "tasks"
    ],
    "summary": "One task.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Task"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "delete": {
    "operationId": "cancelTask",
    "tags": [
     "tasks"
    ],
    "summary": "Stop a task, and the engine that works on it.",
    "responses": {
     "200": {
      "description": "As it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Task"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/tasks/{id}/replay": {
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "Its id.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "post": {
    "operationId": "replayTask",
    "tags": [
     "tasks"
    ],
    "summary": "Begin a task anew that has ended without success.",
    "responses": {
     "200": {
      "description": "As it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Task"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/tasks/{id}/events": {
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "Its id.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "followTask",
    "tags": [
     "tasks"
    ],
    "summary": "How it is, then every change until its end: events `status`, `progress` and `end`.",
    "responses": {
     "200": {
      "description": "The stream.",
      "content": {
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/tasks/{id}/result": {
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "Its id.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "taskResult",
    "tags": [
     "tasks"
    ],
    "summary": "What the endpoint would have answered.",
    "responses": {
     "200": {
      "description": "The answer, in the shape of its endpoint.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/files": {
   "post": {
    "operationId": "createFile",
    "tags": [
     "tasks"
    ],
    "summary": "Put a file down for batches.",
    "requestBody": {
     "required": true,
     "content": {
      "multipart/form-data": {
       "schema": {
        "type": "object",
        "required": [
         "file",
         "purpose"
        ],
        "properties": {
         "file": {
          "type": "string",
          "contentMediaType": "application/octet-stream"
         },
         "purpose": {
          "const": "batch"
         },
         "expires_after[anchor]": {
          "const": "created_at"
         },
         "expires_after[seconds]": {
          "type": "integer",
          "minimum": 1
         }
        }
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/File"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "get": {
    "operationId": "listFiles",
    "tags": [
     "tasks"
    ],
    "summary": "Files, newest first.",
    "parameters": [
     {
      "name": "purpose",
      "in": "query",
      "description": "Only those for this.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "tenant",
      "in": "query",
      "description": "For administrators: whose.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "after",
      "in": "query",
      "description": "The last id of the page before.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "description": "At most so many.",
      "schema": {
       "type": "integer",
       "minimum": 1
      }
     }
    ],
    "responses": {
     "200": {
      "description": "A page.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/FilePage"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/files/{id}": {
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "Its id.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getFile",
    "tags": [
     "tasks"
    ],
    "summary": "One file.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/File"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "delete": {
    "operationId": "deleteFile",
    "tags": [
     "tasks"
    ],
    "summary": "Forget a file.",
    "responses": {
     "200": {
      "description": "It is gone.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/FileDeleted"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/files/{id}/content": {
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "Its id.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "fileContent",
    "tags": [
     "tasks"
    ],
    "summary": "Its bytes.",
    "responses": {
     "200": {
      "description": "They.",
      "content": {
       "application/octet-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/batches": {
   "post": {
    "operationId": "createBatch",
    "tags": [
     "tasks"
    ],
    "summary": "Have every line of a file answered.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/BatchRequest"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Batch"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "get": {
    "operationId": "listBatches",
    "tags": [
     "tasks"
    ],
    "summary": "Batches, newest first.",
    "parameters": [
     {
      "name": "tenant",
      "in": "query",
      "description": "For administrators: whose.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "after",
      "in": "query",
      "description": "The last id of the page before.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "description": "At most so many.",
      "schema": {
       "type": "integer",
       "minimum": 1
      }
     }
    ],
    "responses": {
     "200": {
      "description": "A page.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/BatchPage"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/batches/{id}": {
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "Its id.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getBatch",
    "tags": [
     "tasks"
    ],
    "summary": "One batch.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Batch"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/v1/batches/{id}/cancel": {
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "Its id.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "post": {
    "operationId": "cancelBatch",
    "tags": [
     "tasks"
    ],
    "summary": "Stop a batch; what was answered is kept.",
    "responses": {
     "200": {
      "description": "As it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Batch"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/apply": {
   "post": {
    "operationId": "apply",
    "tags": [
     "resources"
    ],
    "summary": "Create or change many resources, all or nothing.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "resources": {
          "type": "array",
          "items": {
           "type": "object"
          }
         },
         "dryRun": {
          "type": "boolean"
         },
         "reason": {
          "type": "string"
         }
        },
        "required": [
         "resources"
        ]
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "What became of each; secrets of new keys are told this once.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "results": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "kind": {
              "type": "string"
             },
             "name": {
              "type": "string"
             },
             "action": {
              "enum": [
               "created",
               "configured",
               "unchanged"
              ]
             }
            }
           }
          },
          "secrets": {
           "type": "object",
           "additionalProperties": {
            "type": "string"
           }
          }
         }
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/audit": {
   "get": {
    "operationId": "audit",
    "tags": [
     "insight"
    ],
    "summary": "Who changed what, when and why; newest first.",
    "parameters": [
     {
      "name": "kind",
      "in": "query",
      "description": "Only this kind.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "name",
      "in": "query",
      "description": "Only resources of this name.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "from",
      "in": "query",
      "description": "Not before; RFC 3339.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "until",
      "in": "query",
      "description": "Not after; RFC 3339.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "limit",
      "in": "query",
      "description": "At most so many; 100 when absent.",
      "schema": {
       "type": "integer",
       "minimum": 1,
       "maximum": 1000
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The entries.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "entries": {
           "type": "array",
           "items": {
            "type": "object"
           }
          }
         }
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/status": {
   "get": {
    "operationId": "status",
    "tags": [
     "insight"
    ],
    "summary": "The platform in short.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/deployments/{name}/load": {
   "get": {
    "operationId": "deploymentLoad",
    "tags": [
     "insight"
    ],
    "summary": "What a deployment has to do and how many replicas it should have, for other autoscalers.",
    "parameters": [
     {
      "name": "name",
      "in": "path",
      "required": true,
      "description": "Name of the deployment.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The figures.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "deployment": {
           "type": "string"
          },
          "inFlight": {
           "type": "number"
          },
          "waiting": {
           "type": "number"
          },
          "ready": {
           "type": "number"
          },
          "wanted": {
           "type": "number"
          },
          "advised": {
           "type": "number"
          },
          "min": {
           "type": "number"
          },
          "max": {
           "type": "number"
          },
          "utilisation": {
           "type": "number"
          },
          "arrivedMs": {
           "type": "number"
          },
          "takenMs": {
           "type": "number"
          }
         }
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/replicas/{name}/logs": {
   "get": {
    "operationId": "replicaLogs",
    "tags": [
     "insight"
    ],
    "summary": "The last lines a replica wrote, oldest first.",
    "parameters": [
     {
      "name": "name",
      "in": "path",
      "required": true,
      "description": "Name of the replica.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "lines",
      "in": "query",
      "description": "At most so many; 200 when absent.",
      "schema": {
       "type": "integer",
       "minimum": 1,
       "maximum": 10000
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The lines.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "replica": {
           "type": "string"
          },
          "lines": {
           "type": "array",
           "items": {
            "type": "string"
           }
          }
         }
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/openapi.json": {
   "get": {
    "operationId": "openapi",
    "tags": [
     "insight"
    ],
    "summary": "This description.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/uploads": {
   "post": {
    "operationId": "openUpload",
    "tags": [
     "uploads"
    ],
    "summary": "Open an upload, or the one already open for the same digest and size.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "name": {
          "type": "string"
         },
         "sizeBytes": {
          "type": "integer",
          "minimum": 0
         },
         "digest": {
          "type": "string"
         }
        },
        "required": [
         "name",
         "sizeBytes"
        ]
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The file is here already: `committed` says what it is.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Upload"
        }
       }
      }
     },
     "201": {
      "description": "Open: send what is missing.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Upload"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/uploads/{id}": {
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "As answered when the upload was opened.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getUpload",
    "tags": [
     "uploads"
    ],
    "summary": "What has come so far.",
    "responses": {
     "200": {
      "description": "Its state.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Upload"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "patch": {
    "operationId": "writeUpload",
    "tags": [
     "uploads"
    ],
    "summary": "Send bytes that belong at an offset.",
    "parameters": [
     {
      "name": "upload-offset",
      "in": "header",
      "required": true,
      "schema": {
       "type": "integer",
       "minimum": 0
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/octet-stream": {
       "schema": {
        "type": "string"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "Its state.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Upload"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "delete": {
    "operationId": "abortUpload",
    "tags": [
     "uploads"
    ],
    "summary": "Give it up.",
    "responses": {
     "204": {
      "description": "It is gone."
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/uploads/{id}/commit": {
   "parameters": [
    {
     "name": "id",
     "in": "path",
     "required": true,
     "description": "As answered when the upload was opened.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "post": {
    "operationId": "commitUpload",
    "tags": [
     "uploads"
    ],
    "summary": "Check the digest and see what kind of model it is; a file that is none is refused and removed.",
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "name": {
          "type": "string"
         }
        },
        "required": [
         "name"
        ]
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "What it is.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/PushedFile"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/models": {
   "get": {
    "operationId": "listModel",
    "tags": [
     "resources"
    ],
    "summary": "List or watch. A model as people speak of it.",
    "parameters": [
     {
      "name": "labelSelector",
      "in": "query",
      "description": "Only those with these labels: `a=b,c=d`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "watch",
      "in": "query",
      "description": "`1`: server-sent events `put`, `deleted` and `synced`, for as long as you like.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resourceVersion",
      "in": "query",
      "description": "With `watch`: go on from here instead of being told the state first.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The list, or the stream of changes.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ModelList"
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/models/{name}": {
   "parameters": [
    {
     "name": "name",
     "in": "path",
     "required": true,
     "description": "Name of the Model.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getModel",
    "tags": [
     "resources"
    ],
    "summary": "One Model.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Model"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "put": {
    "operationId": "putModel",
    "tags": [
     "resources"
    ],
    "summary": "Create or replace a Model.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ModelInput"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Model as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Model"
        }
       }
      }
     },
     "201": {
      "description": "The Model was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Model"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "patch": {
    "operationId": "patchModel",
    "tags": [
     "resources"
    ],
    "summary": "Change fields of a Model: a JSON merge patch (RFC 7396).",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Model as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Model"
        }
       }
      }
     },
     "201": {
      "description": "The Model was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Model"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "delete": {
    "operationId": "deleteModel",
    "tags": [
     "resources"
    ],
    "summary": "Delete a Model.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The Model as it last was.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Model"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/modelversions": {
   "get": {
    "operationId": "listModelVersion",
    "tags": [
     "resources"
    ],
    "summary": "List or watch. One immutable state of a model: its file, by digest.",
    "parameters": [
     {
      "name": "labelSelector",
      "in": "query",
      "description": "Only those with these labels: `a=b,c=d`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "watch",
      "in": "query",
      "description": "`1`: server-sent events `put`, `deleted` and `synced`, for as long as you like.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resourceVersion",
      "in": "query",
      "description": "With `watch`: go on from here instead of being told the state first.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The list, or the stream of changes.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ModelVersionList"
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/modelversions/{name}": {
   "parameters": [
    {
     "name": "name",
     "in": "path",
     "required": true,
     "description": "Name of the ModelVersion.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getModelVersion",
    "tags": [
     "resources"
    ],
    "summary": "One ModelVersion.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ModelVersion"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "put": {
    "operationId": "putModelVersion",
    "tags": [
     "resources"
    ],
    "summary": "Create or replace a ModelVersion.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ModelVersionInput"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The ModelVersion as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ModelVersion"
        }
       }
      }
     },
     "201": {
      "description": "The ModelVersion was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ModelVersion"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "patch": {
    "operationId": "patchModelVersion",
    "tags": [
     "resources"
    ],
    "summary": "Change fields of a ModelVersion: a JSON merge patch (RFC 7396).",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The ModelVersion as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ModelVersion"
        }
       }
      }
     },
     "201": {
      "description": "The ModelVersion was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ModelVersion"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "delete": {
    "operationId": "deleteModelVersion",
    "tags": [
     "resources"
    ],
    "summary": "Delete a ModelVersion.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The ModelVersion as it last was.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ModelVersion"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/deployments": {
   "get": {
    "operationId": "listDeployment",
    "tags": [
     "resources"
    ],
    "summary": "List or watch. A model version kept running under a name clients ask for.",
    "parameters": [
     {
      "name": "labelSelector",
      "in": "query",
      "description": "Only those with these labels: `a=b,c=d`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "watch",
      "in": "query",
      "description": "`1`: server-sent events `put`, `deleted` and `synced`, for as long as you like.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resourceVersion",
      "in": "query",
      "description": "With `watch`: go on from here instead of being told the state first.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The list, or the stream of changes.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/DeploymentList"
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/deployments/{name}": {
   "parameters": [
    {
     "name": "name",
     "in": "path",
     "required": true,
     "description": "Name of the Deployment.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getDeployment",
    "tags": [
     "resources"
    ],
    "summary": "One Deployment.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Deployment"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "put": {
    "operationId": "putDeployment",
    "tags": [
     "resources"
    ],
    "summary": "Create or replace a Deployment.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/DeploymentInput"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Deployment as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Deployment"
        }
       }
      }
     },
     "201": {
      "description": "The Deployment was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Deployment"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "patch": {
    "operationId": "patchDeployment",
    "tags": [
     "resources"
    ],
    "summary": "Change fields of a Deployment: a JSON merge patch (RFC 7396).",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Deployment as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Deployment"
        }
       }
      }
     },
     "201": {
      "description": "The Deployment was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Deployment"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "delete": {
    "operationId": "deleteDeployment",
    "tags": [
     "resources"
    ],
    "summary": "Delete a Deployment.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The Deployment as it last was.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Deployment"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/aliases": {
   "get": {
    "operationId": "listAlias",
    "tags": [
     "resources"
    ],
    "summary": "List or watch. Another name for a deployment, changed for the very next request.",
    "parameters": [
     {
      "name": "labelSelector",
      "in": "query",
      "description": "Only those with these labels: `a=b,c=d`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "watch",
      "in": "query",
      "description": "`1`: server-sent events `put`, `deleted` and `synced`, for as long as you like.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resourceVersion",
      "in": "query",
      "description": "With `watch`: go on from here instead of being told the state first.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The list, or the stream of changes.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/AliasList"
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/aliases/{name}": {
   "parameters": [
    {
     "name": "name",
     "in": "path",
     "required": true,
     "description": "Name of the Alias.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getAlias",
    "tags": [
     "resources"
    ],
    "summary": "One Alias.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Alias"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "put": {
    "operationId": "putAlias",
    "tags": [
     "resources"
    ],
    "summary": "Create or replace a Alias.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/AliasInput"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Alias as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Alias"
        }
       }
      }
     },
     "201": {
      "description": "The Alias was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Alias"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "patch": {
    "operationId": "patchAlias",
    "tags": [
     "resources"
    ],
    "summary": "Change fields of a Alias: a JSON merge patch (RFC 7396).",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Alias as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Alias"
        }
       }
      }
     },
     "201": {
      "description": "The Alias was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Alias"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "delete": {
    "operationId": "deleteAlias",
    "tags": [
     "resources"
    ],
    "summary": "Delete a Alias.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The Alias as it last was.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Alias"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/releases": {
   "get": {
    "operationId": "listRelease",
    "tags": [
     "resources"
    ],
    "summary": "List or watch. A new version put beside the one that serves, and tried on a part of the requests.",
    "parameters": [
     {
      "name": "labelSelector",
      "in": "query",
      "description": "Only those with these labels: `a=b,c=d`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "watch",
      "in": "query",
      "description": "`1`: server-sent events `put`, `deleted` and `synced`, for as long as you like.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resourceVersion",
      "in": "query",
      "description": "With `watch`: go on from here instead of being told the state first.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The list, or the stream of changes.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ReleaseList"
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/releases/{name}": {
   "parameters": [
    {
     "name": "name",
     "in": "path",
     "required": true,
     "description": "Name of the Release.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getRelease",
    "tags": [
     "resources"
    ],
    "summary": "One Release.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Release"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "put": {
    "operationId": "putRelease",
    "tags": [
     "resources"
    ],
    "summary": "Create or replace a Release.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ReleaseInput"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Release as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Release"
        }
       }
      }
     },
     "201": {
      "description": "The Release was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Release"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "patch": {
    "operationId": "patchRelease",
    "tags": [
     "resources"
    ],
    "summary": "Change fields of a Release: a JSON merge patch (RFC 7396).",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Release as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Release"
        }
       }
      }
     },
     "201": {
      "description": "The Release was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Release"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "delete": {
    "operationId": "deleteRelease",
    "tags": [
     "resources"
    ],
    "summary": "Delete a Release.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The Release as it last was.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Release"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/tenants": {
   "get": {
    "operationId": "listTenant",
    "tags": [
     "resources"
    ],
    "summary": "List or watch. A group that shares keys, limits and a bill.",
    "parameters": [
     {
      "name": "labelSelector",
      "in": "query",
      "description": "Only those with these labels: `a=b,c=d`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "watch",
      "in": "query",
      "description": "`1`: server-sent events `put`, `deleted` and `synced`, for as long as you like.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resourceVersion",
      "in": "query",
      "description": "With `watch`: go on from here instead of being told the state first.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The list, or the stream of changes.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/TenantList"
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/tenants/{name}": {
   "parameters": [
    {
     "name": "name",
     "in": "path",
     "required": true,
     "description": "Name of the Tenant.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getTenant",
    "tags": [
     "resources"
    ],
    "summary": "One Tenant.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Tenant"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "put": {
    "operationId": "putTenant",
    "tags": [
     "resources"
    ],
    "summary": "Create or replace a Tenant.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/TenantInput"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Tenant as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Tenant"
        }
       }
      }
     },
     "201": {
      "description": "The Tenant was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Tenant"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "patch": {
    "operationId": "patchTenant",
    "tags": [
     "resources"
    ],
    "summary": "Change fields of a Tenant: a JSON merge patch (RFC 7396).",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Tenant as it is now.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Tenant"
        }
       }
      }
     },
     "201": {
      "description": "The Tenant was created.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Tenant"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "delete": {
    "operationId": "deleteTenant",
    "tags": [
     "resources"
    ],
    "summary": "Delete a Tenant.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The Tenant as it last was.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Tenant"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/keys": {
   "get": {
    "operationId": "listKey",
    "tags": [
     "resources"
    ],
    "summary": "List or watch. An API key; only its hash is kept.",
    "parameters": [
     {
      "name": "labelSelector",
      "in": "query",
      "description": "Only those with these labels: `a=b,c=d`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "watch",
      "in": "query",
      "description": "`1`: server-sent events `put`, `deleted` and `synced`, for as long as you like.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resourceVersion",
      "in": "query",
      "description": "With `watch`: go on from here instead of being told the state first.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The list, or the stream of changes.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/KeyList"
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/keys/{name}": {
   "parameters": [
    {
     "name": "name",
     "in": "path",
     "required": true,
     "description": "Name of the Key.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getKey",
    "tags": [
     "resources"
    ],
    "summary": "One Key.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Key"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "put": {
    "operationId": "putKey",
    "tags": [
     "resources"
    ],
    "summary": "Create or replace a Key.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/KeyInput"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Key as it is now. The answer that makes a key carries its `secret`, once.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Key"
        }
       }
      }
     },
     "201": {
      "description": "The Key was created. The answer that makes a key carries its `secret`, once.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Key"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "patch": {
    "operationId": "patchKey",
    "tags": [
     "resources"
    ],
    "summary": "Change fields of a Key: a JSON merge patch (RFC 7396).",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The Key as it is now. The answer that makes a key carries its `secret`, once.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Key"
        }
       }
      }
     },
     "201": {
      "description": "The Key was created. The answer that makes a key carries its `secret`, once.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Key"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   },
   "delete": {
    "operationId": "deleteKey",
    "tags": [
     "resources"
    ],
    "summary": "Delete a Key.",
    "parameters": [
     {
      "name": "reason",
      "in": "query",
      "description": "Why, for the audit log; also as header `x-reason`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "dryRun",
      "in": "query",
      "description": "Check and answer, but change nothing.",
      "schema": {
       "type": "boolean"
      }
     },
     {
      "name": "If-Match",
      "in": "header",
      "description": "Refuse unless the resource stands at this version.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The Key as it last was.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Key"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/replicas": {
   "get": {
    "operationId": "listReplica",
    "tags": [
     "resources"
    ],
    "summary": "List or watch. One running copy of a deployment.",
    "parameters": [
     {
      "name": "labelSelector",
      "in": "query",
      "description": "Only those with these labels: `a=b,c=d`.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "watch",
      "in": "query",
      "description": "`1`: server-sent events `put`, `deleted` and `synced`, for as long as you like.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "resourceVersion",
      "in": "query",
      "description": "With `watch`: go on from here instead of being told the state first.",
      "schema": {
       "type": "string"
      }
     }
    ],
    "responses": {
     "200": {
      "description": "The list, or the stream of changes.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ReplicaList"
        }
       },
       "text/event-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/api/v1/replicas/{name}": {
   "parameters": [
    {
     "name": "name",
     "in": "path",
     "required": true,
     "description": "Name of the Replica.",
     "schema": {
      "type": "string"
     }
    }
   ],
   "get": {
    "operationId": "getReplica",
    "tags": [
     "resources"
    ],
    "summary": "One Replica.",
    "responses": {
     "200": {
      "description": "It.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Replica"
        }
       }
      }
     },
     "default": {
      "description": "A refusal; see the problem table.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       }
      }
     }
    }
   }
  },
  "/healthz": {
   "get": {
    "operationId": "healthz",
    "tags": [
     "probes"
    ],
    "summary": "Alive.",
    "security": [],
    "responses": {
     "200": {
      "description": "Alive.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object"
        }
       }
      }
     }
    }
   }
  },
  "/readyz": {
   "get": {
    "operationId": "readyz",
    "tags": [
     "probes"
    ],
    "summary": "Can serve.",
    "security": [],
    "responses": {
     "200": {
      "description": "Can serve.",
      "content": {
       "application/json": {
        "schema": {
         "type": "object"
        }
       }
      }
     }
    }
   }
  },
  "/metrics": {
   "get": {
    "operationId": "metrics",
    "tags": [
     "probes"
    ],
    "summary": "Prometheus text.",
    "security": [],
    "responses": {
     "200": {
      "description": "Prometheus text.",
      "content": {
       "text/plain": {
        "schema": {
         "type": "string"
        }
       }
      }
     }
    }
   }
  }
 },
 "components": {
  "securitySchemes": {
   "key": {
    "type": "http",
    "scheme": "bearer"
   }
  },
  "schemas": {
   "Problem": {
    "type": "object",
    "properties": {
     "error": {
      "type": "object",
      "properties": {
       "message": {
        "type": "string"
       },
       "type": {
        "type": "string"
       },
       "code": {
        "enum": [
         "invalid_json",
         "invalid_request",
         "unsupported_parameter",
         "unsupported_endpoint",
         "context_length_exceeded",
         "missing_key",
         "invalid_key",
         "forbidden",
         "not_found",
         "model_not_found",
         "method_not_allowed",
         "request_timeout",
         "version_conflict",
         "superseded",
         "version_expired",
         "idempotency_conflict",
         "task_unfinished",
         "task_cancelled",
         "task_succeeded",
         "in_use",
         "upload_conflict",
         "payload_too_large",
         "headers_too_large",
         "invalid_resource",
         "not_a_model",
         "digest_mismatch",
         "source_unavailable",
         "rate_limited",
         "too_many_tasks",
         "client_closed_request",
         "internal",
         "replica_failed",
         "step_failed",
         "step_refused",
         "step_timeout",
         "overloaded",
         "model_loading",
         "model_unavailable",
         "shutting_down",
         "store_unreachable",
         "storage_full",
         "storage_unavailable",
         "store_unusable",
         "deadline_exceeded",
         "already_running",
         "address_in_use",
         "invalid_config",
         "unreachable"
        ]
       },
       "param": {
        "type": [
         "string",
         "null"
        ]
       },
       "doc": {
        "type": "string"
       },
       "retry_after_ms": {
        "type": "integer",
        "minimum": 0
       }
      },
      "required": [
       "message",
       "type",
       "code"
      ]
     }
    },
    "required": [
     "error"
    ]
   },
   "Upload": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "sizeBytes": {
      "type": "integer",
      "minimum": 0
     },
     "digest": {
      "type": "string"
     },
     "offset": {
      "type": "integer",
      "minimum": 0
     },
     "received": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "from": {
         "type": "integer",
         "minimum": 0
        },
        "to": {
         "type": "integer",
         "minimum": 0
        }
       }
      }
     },
     "committed": {
      "$ref": "#/components/schemas/PushedFile"
     }
    },
    "required": [
     "sizeBytes"
    ]
   },
   "PushedFile": {
    "type": "object",
    "properties": {
     "digest": {
      "type": "string"
     },
     "sizeBytes": {
      "type": "integer",
      "minimum": 0
     },
     "format": {
      "type": "string"
     },
     "facts": {
      "type": "object"
     }
    }
   },
   "ChatCompletionRequest": {
    "type": "object",
    "properties": {
     "frequency_penalty": {
      "description": "Lowers the chance of a token by this for each time it was written already.",
      "anyOf": [
       {
        "type": "number",
        "minimum": -2,
        "maximum": 2
       },
       {
        "type": "null"
       }
      ]
     },
     "presence_penalty": {
      "description": "Lowers the chance of every token that was written already by this.",
      "anyOf": [
       {
        "type": "number",
        "minimum": -2,
        "maximum": 2
       },
       {
        "type": "null"
       }
      ]
     },
     "logit_bias": {
      "description": "Token id → what is added to its logit.",
      "anyOf": [
       {
        "type": "object",
        "additionalProperties": {
         "type": "number",
         "minimum": -100,
         "maximum": 100
        }
       },
       {
        "type": "null"
       }
      ]
     },
     "n": {
      "description": "How many answers; 1 when absent.",
      "anyOf": [
       {
        "type": "integer",
        "minimum": 1,
        "maximum": 128
       },
       {
        "type": "null"
       }
      ]
     },
     "seed": {
      "description": "The same seed and request give the same answer; answer i of `n` uses seed + i.",
      "anyOf": [
       {
        "type": "integer"
       },
       {
        "type": "null"
       }
      ]
     },
     "stop": {
      "description": "The answer ends before the first of these.",
      "anyOf": [
       {
        "anyOf": [
         {
          "type": "string",
          "minLength": 1
         },
         {
          "maxItems": 16,
          "type": "array",
          "items": {
           "type": "string",
           "minLength": 1
          }
         }
        ]
       },
       {
        "type": "null"
       }
      ]
     },
     "temperature": {
      "description": "0 takes the likeliest token; 1 when absent.",
      "anyOf": [
       {
        "type": "number",
        "minimum": 0,
        "maximum": 2
       },
       {
        "type": "null"
       }
      ]
     },
     "top_p": {
      "description": "Draw from the likeliest tokens that together have this probability.",
      "anyOf": [
       {
        "type": "number",
        "minimum": 0,
        "maximum": 1
       },
       {
        "type": "null"
       }
      ]
     },
     "stream": {
      "description": "Send the answer as it is written.",
      "type": [
       "boolean",
       "null"
      ]
     },
     "stream_options": {
      "description": "Only with `stream`.",
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "include_usage": {
          "description": "A last chunk with the counts.",
          "type": [
           "boolean",
           "null"
          ]
         },
         "include_obfuscation": {
          "description": "Only `false` or absent.",
          "type": [
           "boolean",
           "null"
          ]
         }
        },
        "additionalProperties": false
       },
       {
        "type": "null"
       }
      ]
     },
     "return_token_ids": {
      "description": "Extension: adds `token_ids` to each choice and `prompt_token_ids` to the answer.",
      "type": [
       "boolean",
       "null"
      ]
     },
     "user": {
      "description": "Of no effect here; identity comes from the key.",
      "type": [
       "string",
       "null"
      ]
     },
     "model": {
      "type": "string",
      "minLength": 1,
      "maxLength": 512,
      "description": "The deployment to ask."
     },
     "messages": {
      "minItems": 1,
      "maxItems": 100000,
      "type": "array",
      "items": {
       "oneOf": [
        {
         "type": "object",
         "properties": {
          "role": {
           "type": "string",
           "enum": [
            "system",
            "developer",
            "user"
           ],
           "description": "Who says it."
          },
          "content": {
           "anyOf": [
            {
             "type": "string"
            },
            {
             "minItems": 1,
             "type": "array",
             "items": {
              "anyOf": [
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "text",
                  "description": "A text."
                 },
                 "text": {
                  "type": "string",
                  "description": "The text."
                 },
                 "prompt_cache_breakpoint": {
                  "description": "Accepted and of no effect: prefixes are cached anyway."
                 }
                },
                "required": [
                 "type",
                 "text"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "enum": [
                   "image_url",
                   "input_audio",
                   "file",
                   "refusal",
                   "video_url",
                   "audio_url"
                  ],
                  "description": "Not text."
                 }
                },
                "required": [
                 "type"
                ],
                "additionalProperties": {}
               }
              ]
             }
            }
           ],
           "description": "What is said."
          },
          "name": {
           "description": "Tells participants of one role apart; the template may use it.",
           "anyOf": [
            {
             "type": "string",
             "maxLength": 256
            },
            {
             "type": "null"
            }
           ]
          }
         },
         "required": [
          "role",
          "content"
         ],
         "additionalProperties": false
        },
        {
         "type": "object",
         "properties": {
          "role": {
           "type": "string",
           "const": "assistant",
           "description": "What the model said before."
          },
          "content": {
           "description": "What was said.",
           "anyOf": [
            {
             "anyOf": [
              {
               "type": "string"
              },
              {
               "minItems": 1,
               "type": "array",
               "items": {
                "anyOf": [
                 {
                  "type": "object",
                  "properties": {
                   "type": {
                    "type": "string",
                    "const": "text",
                    "description": "A text."
                   },
                   "text": {
                    "type": "string",
                    "description": "The text."
                   },
                   "prompt_cache_breakpoint": {
                    "description": "Accepted and of no effect: prefixes are cached anyway."
                   }
                  },
                  "required": [
                   "type",
                   "text"
                  ],
                  "additionalProperties": false
                 },
                 {
                  "type": "object",
                  "properties": {
                   "type": {
                    "type": "string",
                    "enum": [
                     "image_url",
                     "input_audio",
                     "file",
                     "refusal",
                     "video_url",
                     "audio_url"
                    ],
                    "description": "Not text."
                   }
                  },
                  "required": [
                   "type"
                  ],
                  "additionalProperties": {}
                 }
                ]
               }
              }
             ]
            },
            {
             "type": "null"
            }
           ]
          },
          "name": {
           "description": "Tells participants of one role apart; the template may use it.",
           "anyOf": [
            {
             "type": "string",
             "maxLength": 256
            },
            {
             "type": "null"
            }
           ]
          },
          "refusal": {
           "description": "A refusal the model gave.",
           "type": [
            "string",
            "null"
           ]
          },
          "audio": {
           "description": "Audio the model gave."
          },
          "tool_calls": {
           "description": "Tools the model called.",
           "anyOf": [
            {
             "type": "array",
             "items": {}
            },
            {
             "type": "null"
            }
           ]
          },
          "function_call": {
           "description": "The function the model called."
          },
          "annotations": {
           "description": "As found in an answer; of no effect.",
           "anyOf": [
            {
             "type": "array",
             "items": {}
            },
            {
             "type": "null"
            }
           ]
          }
         },
         "required": [
          "role"
         ],
         "additionalProperties": false
        },
        {
         "type": "object",
         "properties": {
          "role": {
           "type": "string",
           "enum": [
            "tool",
            "function"
           ],
           "description": "What a tool answered."
          },
          "content": {
           "anyOf": [
            {
             "type": "string"
            },
            {
             "minItems": 1,
             "type": "array",
             "items": {
              "anyOf": [
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "text",
                  "description": "A text."
                 },
                 "text": {
                  "type": "string",
                  "description": "The text."
                 },
                 "prompt_cache_breakpoint": {
                  "description": "Accepted and of no effect: prefixes are cached anyway."
                 }
                },
                "required": [
                 "type",
                 "text"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "enum": [
                   "image_url",
                   "input_audio",
                   "file",
                   "refusal",
                   "video_url",
                   "audio_url"
                  ],
                  "description": "Not text."
                 }
                },
                "required": [
                 "type"
                ],
                "additionalProperties": {}
               }
              ]
             }
            }
           ],
           "description": "The answer."
          },
          "name": {
           "description": "Tells participants of one role apart; the template may use it.",
           "anyOf": [
            {
             "type": "string",
             "maxLength": 256
            },
            {
             "type": "null"
            }
           ]
          },
          "tool_call_id": {
           "description": "The call it answers.",
           "type": [
            "string",
            "null"
           ]
          }
         },
         "required": [
          "role",
          "content"
         ],
         "additionalProperties": false
        }
       ]
      },
      "description": "The conversation so far."
     },
     "max_tokens": {
      "description": "Older name of `max_completion_tokens`.",
      "anyOf": [
       {
        "type": "integer",
        "minimum": 1,
        "maximum": 10000000
       },
       {
        "type": "null"
       }
      ]
     },
     "max_completion_tokens": {
      "description": "At most this many tokens are written.",
      "anyOf": [
       {
        "type": "integer",
        "minimum": 1,
        "maximum": 10000000
       },
       {
        "type": "null"
       }
      ]
     },
     "logprobs": {
      "description": "Add the log probability of every token written.",
      "type": [
       "boolean",
       "null"
      ]
     },
     "top_logprobs": {
      "description": "And of this many of the likeliest tokens in its place.",
      "anyOf": [
       {
        "type": "integer",
        "minimum": 0,
        "maximum": 20
       },
       {
        "type": "null"
       }
      ]
     },
     "response_format": {
      "description": "What the answer must look like.",
      "anyOf": [
       {
        "oneOf": [
         {
          "type": "object",
          "properties": {
           "type": {
            "type": "string",
            "const": "text",
            "description": "Anything."
           }
          },
          "required": [
           "type"
          ],
          "additionalProperties": false
         },
         {
          "type": "object",
          "properties": {
           "type": {
            "type": "string",
            "const": "json_object",
            "description": "Some JSON object."
           }
          },
          "required": [
           "type"
          ],
          "additionalProperties": false
         },
         {
          "type": "object",
          "properties": {
           "type": {
            "type": "string",
            "const": "json_schema",
            "description": "JSON that fits a schema."
           },
           "json_schema": {
            "type": "object",
            "properties": {
             "name": {
              "type": "string",
              "minLength": 1,
              "maxLength": 64,
              "description": "What it is."
             },
             "description": {
              "description": "For the model; of no effect here.",
              "type": [
               "string",
               "null"
              ]
             },
             "schema": {
              "description": "The schema; any object when absent.",
              "anyOf": [
               {
                "type": "object",
                "additionalProperties": {}
               },
               {
                "type": "boolean"
               }
              ]
             },
             "strict": {
              "description": "Of no effect: the schema is always kept to.",
              "type": [
               "boolean",
               "null"
              ]
             }
            },
            "required": [
             "name"
            ],
            "additionalProperties": false,
            "description": "The schema and its name."
           }
          },
          "required": [
           "type",
           "json_schema"
          ],
          "additionalProperties": false
         }
        ]
       },
       {
        "type": "null"
       }
      ]
     },
     "tools": {
      "description": "Tools the model may call.",
      "anyOf": [
       {
        "type": "array",
        "items": {}
       },
       {
        "type": "null"
       }
      ]
     },
     "tool_choice": {
      "description": "Which tool must be called."
     },
     "functions": {
      "description": "Older form of `tools`.",
      "anyOf": [
       {
        "type": "array",
        "items": {}
       },
       {
        "type": "null"
       }
      ]
     },
     "function_call": {
      "description": "Older form of `tool_choice`."
     },
     "audio": {
      "description": "How the answer should sound."
     },
     "modalities": {
      "description": "Kinds of answer wanted; `[\"text\"]`.",
      "anyOf": [
       {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       {
        "type": "null"
       }
      ]
     },
     "prediction": {
      "description": "What the answer is expected to be."
     },
     "reasoning_effort": {
      "description": "How long the model should think.",
      "type": [
       "string",
       "null"
      ]
     },
     "verbosity": {
      "description": "How much the model should say.",
      "type": [
       "string",
       "null"
      ]
     },
     "web_search_options": {
      "description": "Look things up first."
     },
     "moderation": {
      "description": "Judge request and answer."
     },
     "store": {
      "description": "Only `false`: answers are not kept.",
      "type": [
       "boolean",
       "null"
      ]
     },
     "service_tier": {
      "description": "Only `auto` or `default`.",
      "type": [
       "string",
       "null"
      ]
     },
     "metadata": {
      "description": "Of no effect.",
      "anyOf": [
       {
        "type": "object",
        "additionalProperties": {}
       },
       {
        "type": "null"
       }
      ]
     },
     "parallel_tool_calls": {
      "description": "Of no effect without tools.",
      "type": [
       "boolean",
       "null"
      ]
     },
     "prompt_cache_key": {
      "description": "Of no effect: prefixes are found by themselves.",
      "type": [
       "string",
       "null"
      ]
     },
     "prompt_cache_options": {
      "description": "Of no effect: prefixes are found by themselves."
     },
     "prompt_cache_retention": {
      "description": "Of no effect: prefixes are kept while there is room.",
      "type": [
       "string",
       "null"
      ]
     },
     "safety_identifier": {
      "description": "Of no effect here; identity comes from the key.",
      "type": [
       "string",
       "null"
      ]
     }
    },
    "required": [
     "model",
     "messages"
    ],
    "additionalProperties": false
   },
   "CompletionRequest": {
    "type": "object",
    "properties": {
     "frequency_penalty": {
      "description": "Lowers the chance of a token by this for each time it was written already.",
      "anyOf": [
       {
        "type": "number",
        "minimum": -2,
        "maximum": 2
       },
       {
        "type": "null"
       }
      ]
     },
     "presence_penalty": {
      "description": "Lowers the chance of every token that was written already by this.",
      "anyOf": [
       {
        "type": "number",
        "minimum": -2,
        "maximum": 2
       },
       {
        "type": "null"
       }
      ]
     },
     "logit_bias": {
      "description": "Token id → what is added to its logit.",
      "anyOf": [
       {
        "type": "object",
        "additionalProperties": {
         "type": "number",
         "minimum": -100,
         "maximum": 100
        }
       },
       {
        "type": "null"
       }
      ]
     },
     "n": {
      "description": "How many answers; 1 when absent.",
      "anyOf": [
       {
        "type": "integer",
        "minimum": 1,
        "maximum": 128
       },
       {
        "type": "null"
       }
      ]
     },
     "seed": {
      "description": "The same seed and request give the same answer; answer i of `n` uses seed + i.",
      "anyOf": [
       {
        "type": "integer"
       },
       {
        "type": "null"
       }
      ]
     },
     "stop": {
      "description": "The answer ends before the first of these.",
      "anyOf": [
       {
        "anyOf": [
         {
          "type": "string",
          "minLength": 1
         },
         {
          "maxItems": 16,
          "type": "array",
          "items": {
           "type": "string",
           "minLength": 1
          }
         }
        ]
       },
       {
        "type": "null"
       }
      ]
     },
     "temperature": {
      "description": "0 takes the likeliest token; 1 when absent.",
      "anyOf": [
       {
        "type": "number",
        "minimum": 0,
        "maximum": 2
       },
       {
        "type": "null"
       }
      ]
     },
     "top_p": {
      "description": "Draw from the likeliest tokens that together have this probability.",
      "anyOf": [
       {
        "type": "number",
        "minimum": 0,
        "maximum": 1
       },
       {
        "type": "null"
       }
      ]
     },
     "stream": {
      "description": "Send the answer as it is written.",
      "type": [
       "boolean",
       "null"
      ]
     },
     "stream_options": {
      "description": "Only with `stream`.",
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "include_usage": {
          "description": "A last chunk with the counts.",
          "type": [
           "boolean",
           "null"
          ]
         },
         "include_obfuscation": {
          "description": "Only `false` or absent.",
          "type": [
           "boolean",
           "null"
          ]
         }
        },
        "additionalProperties": false
       },
       {
        "type": "null"
       }
      ]
     },
     "return_token_ids": {
      "description": "Extension: adds `token_ids` to each choice and `prompt_token_ids` to the answer.",
      "type": [
       "boolean",
       "null"
      ]
     },
     "user": {
      "description": "Of no effect here; identity comes from the key.",
      "type": [
       "string",
       "null"
      ]
     },
     "model": {
      "type": "string",
      "minLength": 1,
      "maxLength": 512,
      "description": "The deployment to ask."
     },
     "prompt": {
      "anyOf": [
       {
        "type": "string"
       },
       {
        "minItems": 1,
        "maxItems": 128,
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       {
        "minItems": 1,
        "type": "array",
        "items": {
         "type": "integer",
         "minimum": 0,
         "maximum": 2147483647
        }
       },
       {
        "minItems": 1,
        "maxItems": 128,
        "type": "array",
        "items": {
         "minItems": 1,
         "type": "array",
         "items": {
          "type": "integer",
          "minimum": 0,
          "maximum": 2147483647
         }
        }
       }
      ],
      "description": "What to go on from; each of a list gets `n` answers."
     },
     "max_tokens": {
      "description": "At most this many tokens are written; 16 when absent.",
      "anyOf": [
       {
        "type": "integer",
        "minimum": 1,
        "maximum": 10000000
       },
       {
        "type": "null"
       }
      ]
     },
     "logprobs": {
      "description": "Log probabilities of the written tokens and of this many of the likeliest in their places.",
      "anyOf": [
       {
        "type": "integer",
        "minimum": 0,
        "maximum": 20
       },
       {
        "type": "null"
       }
      ]
     },
     "echo": {
      "description": "Repeat the prompt in the answer.",
      "type": [
       "boolean",
       "null"
      ]
     },
     "best_of": {
      "description": "Write this many and give the best `n`.",
      "anyOf": [
       {
        "type": "integer",
        "minimum": 1,
        "maximum": 128
       },
       {
        "type": "null"
       }
      ]
     },
     "suffix": {
      "description": "What comes after the text to be inserted.",
      "type": [
       "string",
       "null"
      ]
     }
    },
    "required": [
     "model",
     "prompt"
    ],
    "additionalProperties": false
   },
   "EmbeddingRequest": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string",
      "minLength": 1,
      "maxLength": 512,
      "description": "The deployment to ask."
     },
     "input": {
      "anyOf": [
       {
        "minItems": 1,
        "maxItems": 2048,
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       {
        "type": "string"
       },
       {
        "minItems": 1,
        "maxItems": 128,
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       {
        "minItems": 1,
        "type": "array",
        "items": {
         "type": "integer",
         "minimum": 0,
         "maximum": 2147483647
        }
       },
       {
        "minItems": 1,
        "maxItems": 128,
        "type": "array",
        "items": {
         "minItems": 1,
         "type": "array",
         "items": {
          "type": "integer",
          "minimum": 0,
          "maximum": 2147483647
         }
        }
       }
      ],
      "description": "What to embed."
     },
     "encoding_format": {
      "description": "Numbers, or the little-endian 32-bit floats in base64.",
      "anyOf": [
       {
        "type": "string",
        "enum": [
         "float",
         "base64"
        ]
       },
       {
        "type": "null"
       }
      ]
     },
     "dimensions": {
      "description": "Length of the vector, where it can be chosen.",
      "anyOf": [
       {
        "type": "integer",
        "minimum": 1
       },
       {
        "type": "null"
       }
      ]
     },
     "user": {
      "description": "Of no effect here; identity comes from the key.",
      "type": [
       "string",
       "null"
      ]
     }
    },
    "required": [
     "model",
     "input"
    ],
    "additionalProperties": false
   },
   "FeedbackRequest": {
    "type": "object",
    "properties": {
     "request_id": {
      "type": "string",
      "minLength": 1,
      "maxLength": 128,
      "description": "The `x-request-id` of the answer."
     },
     "rating": {
      "description": "From 1, useless, to 5, perfect.",
      "type": "integer",
      "minimum": 1,
      "maximum": 5
     },
     "correction": {
      "description": "What the answer should have been.",
      "type": "string",
      "maxLength": 65536
     },
     "subject": {
      "description": "Whom or what the answer was about, to find it again, for example to delete it.",
      "type": "string",
      "maxLength": 256
     }
    },
    "required": [
     "request_id"
    ],
    "additionalProperties": false
   },
   "InferenceRequest": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string",
      "minLength": 1,
      "maxLength": 512,
      "description": "A deployment, a model, or `model@version`."
     },
     "input_text": {
      "type": "string",
      "minLength": 1,
      "description": "What to answer, continue or embed."
     },
     "max_length": {
      "description": "At most this many tokens are generated.",
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000
     },
     "temperature": {
      "description": "0 always takes the likeliest token.",
      "type": "number",
      "minimum": 0,
      "maximum": 2
     },
     "stream": {
      "description": "Send the answer as server-sent events while it comes into being.",
      "type": "boolean"
     }
    },
    "required": [
     "model",
     "input_text"
    ],
    "additionalProperties": false
   },
   "InferenceResponse": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string",
      "description": "The request id."
     },
     "model": {
      "type": "string",
      "description": "The deployment that answered."
     },
     "version": {
      "type": "string",
      "description": "The version of its model."
     },
     "predictions": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "text": {
         "description": "The answer.",
         "type": "string"
        },
        "embedding": {
         "description": "The vector, from a model for embeddings.",
         "type": "array",
         "items": {
          "type": "number"
         }
        },
        "finish_reason": {
         "description": "`stop` or `length`.",
         "type": "string"
        }
       },
       "additionalProperties": false
      },
      "description": "One entry for each answer."
     },
     "confidence": {
      "description": "Geometric mean of the probabilities of the generated tokens, 0 to 1; absent where the engine gives none.",
      "type": "number"
     },
     "usage": {
      "type": "object",
      "properties": {
       "prompt_tokens": {
        "type": "integer",
        "description": "Tokens read."
       },
       "completion_tokens": {
        "type": "integer",
        "description": "Tokens generated."
       },
       "total_tokens": {
        "type": "integer",
        "description": "Both."
       }
      },
      "required": [
       "prompt_tokens",
       "completion_tokens",
       "total_tokens"
      ],
      "additionalProperties": false,
      "description": "What it cost."
     },
     "timing": {
      "type": "object",
      "properties": {
       "queue_ms": {
        "type": "number",
        "description": "Waiting for a replica."
       },
       "total_ms": {
        "type": "number",
        "description": "From the arrival to the end of the answer."
       }
      },
      "required": [
       "queue_ms",
       "total_ms"
      ],
      "additionalProperties": false,
      "description": "How long it took."
     }
    },
    "required": [
     "id",
     "model",
     "version",
     "predictions",
     "usage",
     "timing"
    ],
    "additionalProperties": false
   },
   "TensorRequest": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string",
      "minLength": 1,
      "maxLength": 512,
      "description": "A deployment, a model, or `model@version`."
     },
     "inputs": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string",
         "minLength": 1,
         "description": "As the model calls it."
        },
        "shape": {
         "type": "array",
         "items": {
          "type": "integer",
          "minimum": 0
         },
         "description": "Its dimensions."
        },
        "datatype": {
         "type": "string",
         "description": "`FP32`, `INT64`, `BYTES` for texts, and so on."
        },
        "parameters": {
         "description": "As the engine takes them.",
         "type": "object",
         "additionalProperties": {}
        },
        "data": {
         "type": "array",
         "items": {},
         "description": "Its elements, row by row; flat or nested."
        }
       },
       "required": [
        "name",
        "shape",
        "datatype",
        "data"
       ],
       "additionalProperties": false
      },
      "description": "The tensors that the model reads."
     },
     "outputs": {
      "description": "Which of its outputs are wanted; all when absent.",
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "parameters": {
         "description": "As the engine takes them.",
         "type": "object",
         "additionalProperties": {}
        }
       },
       "required": [
        "name"
       ],
       "additionalProperties": false
      }
     },
     "parameters": {
      "description": "As the engine takes them.",
      "type": "object",
      "additionalProperties": {}
     }
    },
    "required": [
     "model",
     "inputs"
    ],
    "additionalProperties": false
   },
   "TensorResponse": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string",
      "description": "The request id."
     },
     "model": {
      "type": "string",
      "description": "The deployment that answered."
     },
     "version": {
      "type": "string",
      "description": "The version of its model."
     },
     "outputs": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string",
         "minLength": 1,
         "description": "As the model calls it."
        },
        "shape": {
         "type": "array",
         "items": {
          "type": "integer",
          "minimum": 0
         },
         "description": "Its dimensions."
        },
        "datatype": {
         "type": "string",
         "description": "`FP32`, `INT64`, `BYTES` for texts, and so on."
        },
        "parameters": {
         "description": "As the engine takes them.",
         "type": "object",
         "additionalProperties": {}
        },
        "data": {
         "type": "array",
         "items": {},
         "description": "Its elements, row by row; flat or nested."
        }
       },
       "required": [
        "name",
        "shape",
        "datatype",
        "data"
       ],
       "additionalProperties": false
      },
      "description": "What the model computed."
     },
     "timing": {
      "type": "object",
      "properties": {
       "queue_ms": {
        "type": "number",
        "description": "Waiting for a replica."
       },
       "total_ms": {
        "type": "number",
        "description": "From the arrival to the end of the answer."
       }
      },
      "required": [
       "queue_ms",
       "total_ms"
      ],
      "additionalProperties": false,
      "description": "How long it took."
     }
    },
    "required": [
     "id",
     "model",
     "version",
     "outputs",
     "timing"
    ],
    "additionalProperties": false
   },
   "MessagesRequest": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string",
      "minLength": 1,
      "maxLength": 512,
      "description": "The deployment to ask."
     },
     "messages": {
      "minItems": 1,
      "maxItems": 100000,
      "type": "array",
      "items": {
       "oneOf": [
        {
         "type": "object",
         "properties": {
          "role": {
           "type": "string",
           "const": "user",
           "description": "Said to the model."
          },
          "content": {
           "anyOf": [
            {
             "type": "string",
             "minLength": 1
            },
            {
             "minItems": 1,
             "type": "array",
             "items": {
              "oneOf": [
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "text",
                  "description": "A text."
                 },
                 "text": {
                  "type": "string",
                  "minLength": 1,
                  "description": "The text."
                 },
                 "cache_control": {
                  "description": "Accepted and of no effect: prefixes are cached anyway.",
                  "anyOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "ephemeral",
                      "description": "The only kind there is."
                     },
                     "ttl": {
                      "description": "Only `5m`: nothing is promised to stay for an hour.",
                      "type": "string",
                      "enum": [
                       "5m",
                       "1h"
                      ]
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "null"
                   }
                  ]
                 },
                 "citations": {
                  "description": "Only null: nothing is cited here."
                 }
                },
                "required": [
                 "type",
                 "text"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "image",
                  "description": "An image."
                 },
                 "source": {
                  "oneOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "base64",
                      "description": "The image itself."
                     },
                     "media_type": {
                      "type": "string",
                      "enum": [
                       "image/jpeg",
                       "image/png",
                       "image/gif",
                       "image/webp"
                      ],
                      "description": "What it is."
                     },
                     "data": {
                      "type": "string",
                      "minLength": 1,
                      "description": "Its bytes in base64."
                     }
                    },
                    "required": [
                     "type",
                     "media_type",
                     "data"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "url",
                      "description": "Where the engine finds it."
                     },
                     "url": {
                      "type": "string",
                      "minLength": 1,
                      "description": "Its address."
                     }
                    },
                    "required": [
                     "type",
                     "url"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "file",
                      "description": "Refused: there are no stored files here."
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": {}
                   }
                  ],
                  "description": "Where it comes from."
                 },
                 "cache_control": {
                  "description": "Accepted and of no effect: prefixes are cached anyway.",
                  "anyOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "ephemeral",
                      "description": "The only kind there is."
                     },
                     "ttl": {
                      "description": "Only `5m`: nothing is promised to stay for an hour.",
                      "type": "string",
                      "enum": [
                       "5m",
                       "1h"
                      ]
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "null"
                   }
                  ]
                 }
                },
                "required": [
                 "type",
                 "source"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "tool_result",
                  "description": "What a tool answered; before all other blocks of its message."
                 },
                 "tool_use_id": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 256,
                  "description": "The call it answers."
                 },
                 "content": {
                  "description": "The answer: text.",
                  "anyOf": [
                   {
                    "type": "string"
                   },
                   {
                    "type": "array",
                    "items": {
                     "oneOf": [
                      {
                       "type": "object",
                       "properties": {
                        "type": {
                         "type": "string",
                         "const": "text",
                         "description": "A text."
                        },
                        "text": {
                         "type": "string",
                         "minLength": 1,
                         "description": "The text."
                        },
                        "cache_control": {
                         "description": "Accepted and of no effect: prefixes are cached anyway.",
                         "anyOf": [
                          {
                           "type": "object",
                           "properties": {
                            "type": {
                             "type": "string",
                             "const": "ephemeral",
                             "description": "The only kind there is."
                            },
                            "ttl": {
                             "description": "Only `5m`: nothing is promised to stay for an hour.",
                             "type": "string",
                             "enum": [
                              "5m",
                              "1h"
                             ]
                            }
                           },
                           "required": [
                            "type"
                           ],
                           "additionalProperties": false
                          },
                          {
                           "type": "null"
                          }
                         ]
                        },
                        "citations": {
                         "description": "Only null: nothing is cited here."
                        }
                       },
                       "required": [
                        "type",
                        "text"
                       ],
                       "additionalProperties": false
                      },
                      {
                       "type": "object",
                       "properties": {
                        "type": {
                         "type": "string",
                         "const": "image",
                         "description": "An image."
                        },
                        "source": {
                         "oneOf": [
                          {
                           "type": "object",
                           "properties": {
                            "type": {
                             "type": "string",
                             "const": "base64",
                             "description": "The image itself."
                            },
                            "media_type": {
                             "type": "string",
                             "enum": [
                              "image/jpeg",
                              "image/png",
                              "image/gif",
                              "image/webp"
                             ],
                             "description": "What it is."
                            },
                            "data": {
                             "type": "string",
                             "minLength": 1,
                             "description": "Its bytes in base64."
                            }
                           },
                           "required": [
                            "type",
                            "media_type",
                            "data"
                           ],
                           "additionalProperties": false
                          },
                          {
                           "type": "object",
                           "properties": {
                            "type": {
                             "type": "string",
                             "const": "url",
                             "description": "Where the engine finds it."
                            },
                            "url": {
                             "type": "string",
                             "minLength": 1,
                             "description": "Its address."
                            }
                           },
                           "required": [
                            "type",
                            "url"
                           ],
                           "additionalProperties": false
                          },
                          {
                           "type": "object",
                           "properties": {
                            "type": {
                             "type": "string",
                             "const": "file",
                             "description": "Refused: there are no stored files here."
                            }
                           },
                           "required": [
                            "type"
                           ],
                           "additionalProperties": {}
                          }
                         ],
                         "description": "Where it comes from."
                        },
                        "cache_control": {
                         "description": "Accepted and of no effect: prefixes are cached anyway.",
                         "anyOf": [
                          {
                           "type": "object",
                           "properties": {
                            "type": {
                             "type": "string",
                             "const": "ephemeral",
                             "description": "The only kind there is."
                            },
                            "ttl": {
                             "description": "Only `5m`: nothing is promised to stay for an hour.",
                             "type": "string",
                             "enum": [
                              "5m",
                              "1h"
                             ]
                            }
                           },
                           "required": [
                            "type"
                           ],
                           "additionalProperties": false
                          },
                          {
                           "type": "null"
                          }
                         ]
                        }
                       },
                       "required": [
                        "type",
                        "source"
                       ],
                       "additionalProperties": false
                      },
                      {
                       "type": "object",
                       "properties": {
                        "type": {
                         "type": "string",
                         "enum": [
                          "document",
                          "search_result",
                          "container_upload",
                          "thinking",
                          "redacted_thinking",
                          "server_tool_use",
                          "web_search_tool_result",
                          "web_fetch_tool_result"
                         ],
                         "description": "Refused by its name."
                        }
                       },
                       "required": [
                        "type"
                       ],
                       "additionalProperties": {}
                      }
                     ]
                    }
                   }
                  ]
                 },
                 "is_error": {
                  "description": "The tool failed. OpenAI's dialect has no mark for it, so the model is told in words.",
                  "type": "boolean"
                 },
                 "cache_control": {
                  "description": "Accepted and of no effect: prefixes are cached anyway.",
                  "anyOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "ephemeral",
                      "description": "The only kind there is."
                     },
                     "ttl": {
                      "description": "Only `5m`: nothing is promised to stay for an hour.",
                      "type": "string",
                      "enum": [
                       "5m",
                       "1h"
                      ]
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "null"
                   }
                  ]
                 }
                },
                "required": [
                 "type",
                 "tool_use_id"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "enum": [
                   "document",
                   "search_result",
                   "container_upload",
                   "thinking",
                   "redacted_thinking",
                   "server_tool_use",
                   "web_search_tool_result",
                   "web_fetch_tool_result"
                  ],
                  "description": "Refused by its name."
                 }
                },
                "required": [
                 "type"
                ],
                "additionalProperties": {}
               }
              ]
             }
            }
           ],
           "description": "What is said."
          }
         },
         "required": [
          "role",
          "content"
         ],
         "additionalProperties": false
        },
        {
         "type": "object",
         "properties": {
          "role": {
           "type": "string",
           "const": "assistant",
           "description": "What the model said before."
          },
          "content": {
           "anyOf": [
            {
             "type": "string",
             "minLength": 1
            },
            {
             "minItems": 1,
             "type": "array",
             "items": {
              "oneOf": [
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "text",
                  "description": "A text."
                 },
                 "text": {
                  "type": "string",
                  "minLength": 1,
                  "description": "The text."
                 },
                 "cache_control": {
                  "description": "Accepted and of no effect: prefixes are cached anyway.",
                  "anyOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "ephemeral",
                      "description": "The only kind there is."
                     },
                     "ttl": {
                      "description": "Only `5m`: nothing is promised to stay for an hour.",
                      "type": "string",
                      "enum": [
                       "5m",
                       "1h"
                      ]
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "null"
                   }
                  ]
                 },
                 "citations": {
                  "description": "Only null: nothing is cited here."
                 }
                },
                "required": [
                 "type",
                 "text"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "tool_use",
                  "description": "The model called a tool."
                 },
                 "id": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 256,
                  "description": "Names the call."
                 },
                 "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 256,
                  "description": "The tool."
                 },
                 "input": {
                  "type": "object",
                  "additionalProperties": {},
                  "description": "What the tool was given."
                 },
                 "cache_control": {
                  "description": "Accepted and of no effect: prefixes are cached anyway.",
                  "anyOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "ephemeral",
                      "description": "The only kind there is."
                     },
                     "ttl": {
                      "description": "Only `5m`: nothing is promised to stay for an hour.",
                      "type": "string",
                      "enum": [
                       "5m",
                       "1h"
                      ]
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "null"
                   }
                  ]
                 },
                 "caller": {
                  "description": "As found in an answer; of no effect."
                 }
                },
                "required": [
                 "type",
                 "id",
                 "name",
                 "input"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "enum": [
                   "document",
                   "search_result",
                   "container_upload",
                   "thinking",
                   "redacted_thinking",
                   "server_tool_use",
                   "web_search_tool_result",
                   "web_fetch_tool_result"
                  ],
                  "description": "Refused by its name."
                 }
                },
                "required": [
                 "type"
                ],
                "additionalProperties": {}
               }
              ]
             }
            }
           ],
           "description": "What was said."
          }
         },
         "required": [
          "role",
          "content"
         ],
         "additionalProperties": false
        },
        {
         "type": "object",
         "properties": {
          "role": {
           "type": "string",
           "const": "system",
           "description": "Instructions in the midst of a conversation."
          },
          "content": {
           "anyOf": [
            {
             "type": "string",
             "minLength": 1
            },
            {
             "minItems": 1,
             "type": "array",
             "items": {
              "type": "object",
              "properties": {
               "type": {
                "type": "string",
                "const": "text",
                "description": "A text."
               },
               "text": {
                "type": "string",
                "minLength": 1,
                "description": "The text."
               },
               "cache_control": {
                "description": "Accepted and of no effect: prefixes are cached anyway.",
                "anyOf": [
                 {
                  "type": "object",
                  "properties": {
                   "type": {
                    "type": "string",
                    "const": "ephemeral",
                    "description": "The only kind there is."
                   },
                   "ttl": {
                    "description": "Only `5m`: nothing is promised to stay for an hour.",
                    "type": "string",
                    "enum": [
                     "5m",
                     "1h"
                    ]
                   }
                  },
                  "required": [
                   "type"
                  ],
                  "additionalProperties": false
                 },
                 {
                  "type": "null"
                 }
                ]
               },
               "citations": {
                "description": "Only null: nothing is cited here."
               }
              },
              "required": [
               "type",
               "text"
              ],
              "additionalProperties": false
             }
            }
           ],
           "description": "The instructions."
          }
         },
         "required": [
          "role",
          "content"
         ],
         "additionalProperties": false
        }
       ]
      },
      "description": "The conversation so far; the last is not the assistant’s."
     },
     "system": {
      "description": "Instructions.",
      "anyOf": [
       {
        "type": "string",
        "minLength": 1
       },
       {
        "minItems": 1,
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "type": {
           "type": "string",
           "const": "text",
           "description": "A text."
          },
          "text": {
           "type": "string",
           "minLength": 1,
           "description": "The text."
          },
          "cache_control": {
           "description": "Accepted and of no effect: prefixes are cached anyway.",
           "anyOf": [
            {
             "type": "object",
             "properties": {
              "type": {
               "type": "string",
               "const": "ephemeral",
               "description": "The only kind there is."
              },
              "ttl": {
               "description": "Only `5m`: nothing is promised to stay for an hour.",
               "type": "string",
               "enum": [
                "5m",
                "1h"
               ]
              }
             },
             "required": [
              "type"
             ],
             "additionalProperties": false
            },
            {
             "type": "null"
            }
           ]
          },
          "citations": {
           "description": "Only null: nothing is cited here."
          }
         },
         "required": [
          "type",
          "text"
         ],
         "additionalProperties": false
        }
       }
      ]
     },
     "tools": {
      "description": "Tools the model may call.",
      "type": "array",
      "items": {
       "anyOf": [
        {
         "type": "object",
         "properties": {
          "type": {
           "description": "Only `custom`: tools that run at the provider are refused.",
           "type": [
            "string",
            "null"
           ]
          },
          "name": {
           "type": "string",
           "minLength": 1,
           "maxLength": 256,
           "description": "How the model calls it."
          },
          "description": {
           "description": "What it does, for the model.",
           "type": "string"
          },
          "input_schema": {
           "description": "JSON Schema of what it takes.",
           "type": "object",
           "additionalProperties": {}
          },
          "strict": {
           "description": "Calls must fit the schema.",
           "type": "boolean"
          },
          "cache_control": {
           "description": "Accepted and of no effect: prefixes are cached anyway.",
           "anyOf": [
            {
             "type": "object",
             "properties": {
              "type": {
               "type": "string",
               "const": "ephemeral",
               "description": "The only kind there is."
              },
              "ttl": {
               "description": "Only `5m`: nothing is promised to stay for an hour.",
               "type": "string",
               "enum": [
                "5m",
                "1h"
               ]
              }
             },
             "required": [
              "type"
             ],
             "additionalProperties": false
            },
            {
             "type": "null"
            }
           ]
          }
         },
         "required": [
          "name"
         ],
         "additionalProperties": false
        },
        {
         "type": "object",
         "properties": {
          "type": {
           "type": "string",
           "pattern": "_\\d{8}$"
          },
          "name": {
           "type": "string"
          }
         },
         "required": [
          "type",
          "name"
         ],
         "additionalProperties": {}
        }
       ]
      }
     },
     "tool_choice": {
      "description": "Which tool must be called.",
      "oneOf": [
       {
        "type": "object",
        "properties": {
         "type": {
          "type": "string",
          "const": "auto",
          "description": "As it likes."
         },
         "disable_parallel_tool_use": {
          "description": "At most one call in an answer.",
          "type": "boolean"
         }
        },
        "required": [
         "type"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "type": {
          "type": "string",
          "const": "any",
          "description": "Some tool."
         },
         "disable_parallel_tool_use": {
          "description": "At most one call in an answer.",
          "type": "boolean"
         }
        },
        "required": [
         "type"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "type": {
          "type": "string",
          "const": "tool",
          "description": "This tool."
         },
         "name": {
          "type": "string",
          "minLength": 1,
          "description": "The tool."
         },
         "disable_parallel_tool_use": {
          "description": "At most one call in an answer.",
          "type": "boolean"
         }
        },
        "required": [
         "type",
         "name"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "type": {
          "type": "string",
          "const": "none",
          "description": "No tool."
         }
        },
        "required": [
         "type"
        ],
        "additionalProperties": false
       }
      ]
     },
     "output_config": {
      "description": "How to answer.",
      "type": "object",
      "properties": {
       "effort": {
        "description": "How hard the model should think; not `max`.",
        "anyOf": [
         {
          "type": "string",
          "enum": [
           "low",
           "medium",
           "high",
           "xhigh",
           "max"
          ]
         },
         {
          "type": "null"
         }
        ]
       },
       "format": {
        "description": "What the answer must look like.",
        "anyOf": [
         {
          "type": "object",
          "properties": {
           "type": {
            "type": "string",
            "const": "json_schema",
            "description": "JSON that fits a schema."
           },
           "schema": {
            "type": "object",
            "additionalProperties": {},
            "description": "The schema."
           }
          },
          "required": [
           "type",
           "schema"
          ],
          "additionalProperties": false
         },
         {
          "type": "null"
         }
        ]
       }
      },
      "additionalProperties": false
     },
     "thinking": {
      "description": "Only `{\"type\": \"disabled\"}`: OpenAI’s dialect has no thinking blocks.",
      "type": "object",
      "properties": {
       "type": {
        "type": "string"
       }
      },
      "required": [
       "type"
      ],
      "additionalProperties": {}
     },
     "cache_control": {
      "description": "Accepted and of no effect: prefixes are cached anyway.",
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "type": {
          "type": "string",
          "const": "ephemeral",
          "description": "The only kind there is."
         },
         "ttl": {
          "description": "Only `5m`: nothing is promised to stay for an hour.",
          "type": "string",
          "enum": [
           "5m",
           "1h"
          ]
         }
        },
        "required": [
         "type"
        ],
        "additionalProperties": false
       },
       {
        "type": "null"
       }
      ]
     },
     "context_management": {
      "description": "Refused by its name: there is nothing like it here."
     },
     "mcp_servers": {
      "description": "Refused by its name: there is nothing like it here."
     },
     "speed": {
      "description": "Refused by its name: there is nothing like it here."
     },
     "max_tokens": {
      "type": "integer",
      "minimum": 1,
      "maximum": 10000000,
      "description": "At most this many tokens are written."
     },
     "stop_sequences": {
      "description": "The answer ends before the first of these.",
      "maxItems": 16,
      "type": "array",
      "items": {
       "type": "string",
       "minLength": 1
      }
     },
     "stream": {
      "description": "Send the answer as it is written.",
      "type": "boolean"
     },
     "temperature": {
      "description": "0 takes the likeliest token; 1 when absent.",
      "type": "number",
      "minimum": 0,
      "maximum": 1
     },
     "top_p": {
      "description": "Draw from the likeliest tokens that together have this probability.",
      "type": "number",
      "minimum": 0,
      "maximum": 1
     },
     "top_k": {
      "description": "Draw from this many of the likeliest tokens; handed on, engines without it refuse it.",
      "type": "integer",
      "minimum": 0
     },
     "metadata": {
      "description": "About the request.",
      "type": "object",
      "properties": {
       "user_id": {
        "description": "Of no effect here; handed on as `user`.",
        "anyOf": [
         {
          "type": "string",
          "maxLength": 512
         },
         {
          "type": "null"
         }
        ]
       }
      },
      "additionalProperties": false
     },
     "service_tier": {
      "description": "Handed on.",
      "type": "string",
      "enum": [
       "auto",
       "standard_only"
      ]
     },
     "container": {
      "description": "Refused by its name: there is nothing like it here."
     },
     "inference_geo": {
      "description": "Refused by its name: there is nothing like it here."
     }
    },
    "required": [
     "model",
     "messages",
     "max_tokens"
    ],
    "additionalProperties": false
   },
   "MessagesResponse": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string",
      "description": "Made from the request id."
     },
     "type": {
      "type": "string",
      "const": "message",
      "description": "Always this."
     },
     "role": {
      "type": "string",
      "const": "assistant",
      "description": "Always this."
     },
     "model": {
      "type": "string",
      "description": "The model, as the engine names it."
     },
     "content": {
      "type": "array",
      "items": {
       "oneOf": [
        {
         "type": "object",
         "properties": {
          "type": {
           "type": "string",
           "const": "text",
           "description": "A text."
          },
          "text": {
           "type": "string",
           "description": "The text."
          }
         },
         "required": [
          "type",
          "text"
         ],
         "additionalProperties": false
        },
        {
         "type": "object",
         "properties": {
          "type": {
           "type": "string",
           "const": "tool_use",
           "description": "A call of a tool."
          },
          "id": {
           "type": "string",
           "description": "Names the call."
          },
          "name": {
           "type": "string",
           "description": "The tool."
          },
          "input": {
           "type": "object",
           "additionalProperties": {},
           "description": "What it is given."
          }
         },
         "required": [
          "type",
          "id",
          "name",
          "input"
         ],
         "additionalProperties": false
        }
       ]
      },
      "description": "Text first, then calls."
     },
     "stop_reason": {
      "type": "string",
      "enum": [
       "end_turn",
       "max_tokens",
       "stop_sequence",
       "tool_use",
       "refusal"
      ],
      "description": "Why it ended; `stop_sequence` where the engine tells which one it was, else `end_turn`."
     },
     "stop_sequence": {
      "description": "The one that ended it.",
      "type": [
       "string",
       "null"
      ]
     },
     "stop_details": {
      "type": "null",
      "description": "Always null: engines do not tell more."
     },
     "usage": {
      "type": "object",
      "properties": {
       "input_tokens": {
        "type": "integer",
        "minimum": 0,
        "description": "Tokens read and not found in the cache."
       },
       "cache_creation_input_tokens": {
        "type": "integer",
        "minimum": 0,
        "description": "Always 0: what is cached is not counted apart."
       },
       "cache_read_input_tokens": {
        "type": "integer",
        "minimum": 0,
        "description": "Tokens found in the cache."
       },
       "output_tokens": {
        "type": "integer",
        "minimum": 0,
        "description": "Tokens written."
       }
      },
      "required": [
       "input_tokens",
       "cache_creation_input_tokens",
       "cache_read_input_tokens",
       "output_tokens"
      ],
      "additionalProperties": false,
      "description": "What it cost."
     }
    },
    "required": [
     "id",
     "type",
     "role",
     "model",
     "content",
     "stop_reason",
     "stop_sequence",
     "stop_details",
     "usage"
    ],
    "additionalProperties": false
   },
   "CountTokensRequest": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string",
      "minLength": 1,
      "maxLength": 512,
      "description": "The deployment to ask."
     },
     "messages": {
      "minItems": 1,
      "maxItems": 100000,
      "type": "array",
      "items": {
       "oneOf": [
        {
         "type": "object",
         "properties": {
          "role": {
           "type": "string",
           "const": "user",
           "description": "Said to the model."
          },
          "content": {
           "anyOf": [
            {
             "type": "string",
             "minLength": 1
            },
            {
             "minItems": 1,
             "type": "array",
             "items": {
              "oneOf": [
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "text",
                  "description": "A text."
                 },
                 "text": {
                  "type": "string",
                  "minLength": 1,
                  "description": "The text."
                 },
                 "cache_control": {
                  "description": "Accepted and of no effect: prefixes are cached anyway.",
                  "anyOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "ephemeral",
                      "description": "The only kind there is."
                     },
                     "ttl": {
                      "description": "Only `5m`: nothing is promised to stay for an hour.",
                      "type": "string",
                      "enum": [
                       "5m",
                       "1h"
                      ]
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "null"
                   }
                  ]
                 },
                 "citations": {
                  "description": "Only null: nothing is cited here."
                 }
                },
                "required": [
                 "type",
                 "text"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "image",
                  "description": "An image."
                 },
                 "source": {
                  "oneOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "base64",
                      "description": "The image itself."
                     },
                     "media_type": {
                      "type": "string",
                      "enum": [
                       "image/jpeg",
                       "image/png",
                       "image/gif",
                       "image/webp"
                      ],
                      "description": "What it is."
                     },
                     "data": {
                      "type": "string",
                      "minLength": 1,
                      "description": "Its bytes in base64."
                     }
                    },
                    "required": [
                     "type",
                     "media_type",
                     "data"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "url",
                      "description": "Where the engine finds it."
                     },
                     "url": {
                      "type": "string",
                      "minLength": 1,
                      "description": "Its address."
                     }
                    },
                    "required": [
                     "type",
                     "url"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "file",
                      "description": "Refused: there are no stored files here."
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": {}
                   }
                  ],
                  "description": "Where it comes from."
                 },
                 "cache_control": {
                  "description": "Accepted and of no effect: prefixes are cached anyway.",
                  "anyOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "ephemeral",
                      "description": "The only kind there is."
                     },
                     "ttl": {
                      "description": "Only `5m`: nothing is promised to stay for an hour.",
                      "type": "string",
                      "enum": [
                       "5m",
                       "1h"
                      ]
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "null"
                   }
                  ]
                 }
                },
                "required": [
                 "type",
                 "source"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "tool_result",
                  "description": "What a tool answered; before all other blocks of its message."
                 },
                 "tool_use_id": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 256,
                  "description": "The call it answers."
                 },
                 "content": {
                  "description": "The answer: text.",
                  "anyOf": [
                   {
                    "type": "string"
                   },
                   {
                    "type": "array",
                    "items": {
                     "oneOf": [
                      {
                       "type": "object",
                       "properties": {
                        "type": {
                         "type": "string",
                         "const": "text",
                         "description": "A text."
                        },
                        "text": {
                         "type": "string",
                         "minLength": 1,
                         "description": "The text."
                        },
                        "cache_control": {
                         "description": "Accepted and of no effect: prefixes are cached anyway.",
                         "anyOf": [
                          {
                           "type": "object",
                           "properties": {
                            "type": {
                             "type": "string",
                             "const": "ephemeral",
                             "description": "The only kind there is."
                            },
                            "ttl": {
                             "description": "Only `5m`: nothing is promised to stay for an hour.",
                             "type": "string",
                             "enum": [
                              "5m",
                              "1h"
                             ]
                            }
                           },
                           "required": [
                            "type"
                           ],
                           "additionalProperties": false
                          },
                          {
                           "type": "null"
                          }
                         ]
                        },
                        "citations": {
                         "description": "Only null: nothing is cited here."
                        }
                       },
                       "required": [
                        "type",
                        "text"
                       ],
                       "additionalProperties": false
                      },
                      {
                       "type": "object",
                       "properties": {
                        "type": {
                         "type": "string",
                         "const": "image",
                         "description": "An image."
                        },
                        "source": {
                         "oneOf": [
                          {
                           "type": "object",
                           "properties": {
                            "type": {
                             "type": "string",
                             "const": "base64",
                             "description": "The image itself."
                            },
                            "media_type": {
                             "type": "string",
                             "enum": [
                              "image/jpeg",
                              "image/png",
                              "image/gif",
                              "image/webp"
                             ],
                             "description": "What it is."
                            },
                            "data": {
                             "type": "string",
                             "minLength": 1,
                             "description": "Its bytes in base64."
                            }
                           },
                           "required": [
                            "type",
                            "media_type",
                            "data"
                           ],
                           "additionalProperties": false
                          },
                          {
                           "type": "object",
                           "properties": {
                            "type": {
                             "type": "string",
                             "const": "url",
                             "description": "Where the engine finds it."
                            },
                            "url": {
                             "type": "string",
                             "minLength": 1,
                             "description": "Its address."
                            }
                           },
                           "required": [
                            "type",
                            "url"
                           ],
                           "additionalProperties": false
                          },
                          {
                           "type": "object",
                           "properties": {
                            "type": {
                             "type": "string",
                             "const": "file",
                             "description": "Refused: there are no stored files here."
                            }
                           },
                           "required": [
                            "type"
                           ],
                           "additionalProperties": {}
                          }
                         ],
                         "description": "Where it comes from."
                        },
                        "cache_control": {
                         "description": "Accepted and of no effect: prefixes are cached anyway.",
                         "anyOf": [
                          {
                           "type": "object",
                           "properties": {
                            "type": {
                             "type": "string",
                             "const": "ephemeral",
                             "description": "The only kind there is."
                            },
                            "ttl": {
                             "description": "Only `5m`: nothing is promised to stay for an hour.",
                             "type": "string",
                             "enum": [
                              "5m",
                              "1h"
                             ]
                            }
                           },
                           "required": [
                            "type"
                           ],
                           "additionalProperties": false
                          },
                          {
                           "type": "null"
                          }
                         ]
                        }
                       },
                       "required": [
                        "type",
                        "source"
                       ],
                       "additionalProperties": false
                      },
                      {
                       "type": "object",
                       "properties": {
                        "type": {
                         "type": "string",
                         "enum": [
                          "document",
                          "search_result",
                          "container_upload",
                          "thinking",
                          "redacted_thinking",
                          "server_tool_use",
                          "web_search_tool_result",
                          "web_fetch_tool_result"
                         ],
                         "description": "Refused by its name."
                        }
                       },
                       "required": [
                        "type"
                       ],
                       "additionalProperties": {}
                      }
                     ]
                    }
                   }
                  ]
                 },
                 "is_error": {
                  "description": "The tool failed. OpenAI's dialect has no mark for it, so the model is told in words.",
                  "type": "boolean"
                 },
                 "cache_control": {
                  "description": "Accepted and of no effect: prefixes are cached anyway.",
                  "anyOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "ephemeral",
                      "description": "The only kind there is."
                     },
                     "ttl": {
                      "description": "Only `5m`: nothing is promised to stay for an hour.",
                      "type": "string",
                      "enum": [
                       "5m",
                       "1h"
                      ]
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "null"
                   }
                  ]
                 }
                },
                "required": [
                 "type",
                 "tool_use_id"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "enum": [
                   "document",
                   "search_result",
                   "container_upload",
                   "thinking",
                   "redacted_thinking",
                   "server_tool_use",
                   "web_search_tool_result",
                   "web_fetch_tool_result"
                  ],
                  "description": "Refused by its name."
                 }
                },
                "required": [
                 "type"
                ],
                "additionalProperties": {}
               }
              ]
             }
            }
           ],
           "description": "What is said."
          }
         },
         "required": [
          "role",
          "content"
         ],
         "additionalProperties": false
        },
        {
         "type": "object",
         "properties": {
          "role": {
           "type": "string",
           "const": "assistant",
           "description": "What the model said before."
          },
          "content": {
           "anyOf": [
            {
             "type": "string",
             "minLength": 1
            },
            {
             "minItems": 1,
             "type": "array",
             "items": {
              "oneOf": [
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "text",
                  "description": "A text."
                 },
                 "text": {
                  "type": "string",
                  "minLength": 1,
                  "description": "The text."
                 },
                 "cache_control": {
                  "description": "Accepted and of no effect: prefixes are cached anyway.",
                  "anyOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "ephemeral",
                      "description": "The only kind there is."
                     },
                     "ttl": {
                      "description": "Only `5m`: nothing is promised to stay for an hour.",
                      "type": "string",
                      "enum": [
                       "5m",
                       "1h"
                      ]
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "null"
                   }
                  ]
                 },
                 "citations": {
                  "description": "Only null: nothing is cited here."
                 }
                },
                "required": [
                 "type",
                 "text"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "const": "tool_use",
                  "description": "The model called a tool."
                 },
                 "id": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 256,
                  "description": "Names the call."
                 },
                 "name": {
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 256,
                  "description": "The tool."
                 },
                 "input": {
                  "type": "object",
                  "additionalProperties": {},
                  "description": "What the tool was given."
                 },
                 "cache_control": {
                  "description": "Accepted and of no effect: prefixes are cached anyway.",
                  "anyOf": [
                   {
                    "type": "object",
                    "properties": {
                     "type": {
                      "type": "string",
                      "const": "ephemeral",
                      "description": "The only kind there is."
                     },
                     "ttl": {
                      "description": "Only `5m`: nothing is promised to stay for an hour.",
                      "type": "string",
                      "enum": [
                       "5m",
                       "1h"
                      ]
                     }
                    },
                    "required": [
                     "type"
                    ],
                    "additionalProperties": false
                   },
                   {
                    "type": "null"
                   }
                  ]
                 },
                 "caller": {
                  "description": "As found in an answer; of no effect."
                 }
                },
                "required": [
                 "type",
                 "id",
                 "name",
                 "input"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "type": {
                  "type": "string",
                  "enum": [
                   "document",
                   "search_result",
                   "container_upload",
                   "thinking",
                   "redacted_thinking",
                   "server_tool_use",
                   "web_search_tool_result",
                   "web_fetch_tool_result"
                  ],
                  "description": "Refused by its name."
                 }
                },
                "required": [
                 "type"
                ],
                "additionalProperties": {}
               }
              ]
             }
            }
           ],
           "description": "What was said."
          }
         },
         "required": [
          "role",
          "content"
         ],
         "additionalProperties": false
        },
        {
         "type": "object",
         "properties": {
          "role": {
           "type": "string",
           "const": "system",
           "description": "Instructions in the midst of a conversation."
          },
          "content": {
           "anyOf": [
            {
             "type": "string",
             "minLength": 1
            },
            {
             "minItems": 1,
             "type": "array",
             "items": {
              "type": "object",
              "properties": {
               "type": {
                "type": "string",
                "const": "text",
                "description": "A text."
               },
               "text": {
                "type": "string",
                "minLength": 1,
                "description": "The text."
               },
               "cache_control": {
                "description": "Accepted and of no effect: prefixes are cached anyway.",
                "anyOf": [
                 {
                  "type": "object",
                  "properties": {
                   "type": {
                    "type": "string",
                    "const": "ephemeral",
                    "description": "The only kind there is."
                   },
                   "ttl": {
                    "description": "Only `5m`: nothing is promised to stay for an hour.",
                    "type": "string",
                    "enum": [
                     "5m",
                     "1h"
                    ]
                   }
                  },
                  "required": [
                   "type"
                  ],
                  "additionalProperties": false
                 },
                 {
                  "type": "null"
                 }
                ]
               },
               "citations": {
                "description": "Only null: nothing is cited here."
               }
              },
              "required": [
               "type",
               "text"
              ],
              "additionalProperties": false
             }
            }
           ],
           "description": "The instructions."
          }
         },
         "required": [
          "role",
          "content"
         ],
         "additionalProperties": false
        }
       ]
      },
      "description": "The conversation so far; the last is not the assistant’s."
     },
     "system": {
      "description": "Instructions.",
      "anyOf": [
       {
        "type": "string",
        "minLength": 1
       },
       {
        "minItems": 1,
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "type": {
           "type": "string",
           "const": "text",
           "description": "A text."
          },
          "text": {
           "type": "string",
           "minLength": 1,
           "description": "The text."
          },
          "cache_control": {
           "description": "Accepted and of no effect: prefixes are cached anyway.",
           "anyOf": [
            {
             "type": "object",
             "properties": {
              "type": {
               "type": "string",
               "const": "ephemeral",
               "description": "The only kind there is."
              },
              "ttl": {
               "description": "Only `5m`: nothing is promised to stay for an hour.",
               "type": "string",
               "enum": [
                "5m",
                "1h"
               ]
              }
             },
             "required": [
              "type"
             ],
             "additionalProperties": false
            },
            {
             "type": "null"
            }
           ]
          },
          "citations": {
           "description": "Only null: nothing is cited here."
          }
         },
         "required": [
          "type",
          "text"
         ],
         "additionalProperties": false
        }
       }
      ]
     },
     "tools": {
      "description": "Tools the model may call.",
      "type": "array",
      "items": {
       "anyOf": [
        {
         "type": "object",
         "properties": {
          "type": {
           "description": "Only `custom`: tools that run at the provider are refused.",
           "type": [
            "string",
            "null"
           ]
          },
          "name": {
           "type": "string",
           "minLength": 1,
           "maxLength": 256,
           "description": "How the model calls it."
          },
          "description": {
           "description": "What it does, for the model.",
           "type": "string"
          },
          "input_schema": {
           "description": "JSON Schema of what it takes.",
           "type": "object",
           "additionalProperties": {}
          },
          "strict": {
           "description": "Calls must fit the schema.",
           "type": "boolean"
          },
          "cache_control": {
           "description": "Accepted and of no effect: prefixes are cached anyway.",
           "anyOf": [
            {
             "type": "object",
             "properties": {
              "type": {
               "type": "string",
               "const": "ephemeral",
               "description": "The only kind there is."
              },
              "ttl": {
               "description": "Only `5m`: nothing is promised to stay for an hour.",
               "type": "string",
               "enum": [
                "5m",
                "1h"
               ]
              }
             },
             "required": [
              "type"
             ],
             "additionalProperties": false
            },
            {
             "type": "null"
            }
           ]
          }
         },
         "required": [
          "name"
         ],
         "additionalProperties": false
        },
        {
         "type": "object",
         "properties": {
          "type": {
           "type": "string",
           "pattern": "_\\d{8}$"
          },
          "name": {
           "type": "string"
          }
         },
         "required": [
          "type",
          "name"
         ],
         "additionalProperties": {}
        }
       ]
      }
     },
     "tool_choice": {
      "description": "Which tool must be called.",
      "oneOf": [
       {
        "type": "object",
        "properties": {
         "type": {
          "type": "string",
          "const": "auto",
          "description": "As it likes."
         },
         "disable_parallel_tool_use": {
          "description": "At most one call in an answer.",
          "type": "boolean"
         }
        },
        "required": [
         "type"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "type": {
          "type": "string",
          "const": "any",
          "description": "Some tool."
         },
         "disable_parallel_tool_use": {
          "description": "At most one call in an answer.",
          "type": "boolean"
         }
        },
        "required": [
         "type"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "type": {
          "type": "string",
          "const": "tool",
          "description": "This tool."
         },
         "name": {
          "type": "string",
          "minLength": 1,
          "description": "The tool."
         },
         "disable_parallel_tool_use": {
          "description": "At most one call in an answer.",
          "type": "boolean"
         }
        },
        "required": [
         "type",
         "name"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "type": {
          "type": "string",
          "const": "none",
          "description": "No tool."
         }
        },
        "required": [
         "type"
        ],
        "additionalProperties": false
       }
      ]
     },
     "output_config": {
      "description": "How to answer.",
      "type": "object",
      "properties": {
       "effort": {
        "description": "How hard the model should think; not `max`.",
        "anyOf": [
         {
          "type": "string",
          "enum": [
           "low",
           "medium",
           "high",
           "xhigh",
           "max"
          ]
         },
         {
          "type": "null"
         }
        ]
       },
       "format": {
        "description": "What the answer must look like.",
        "anyOf": [
         {
          "type": "object",
          "properties": {
           "type": {
            "type": "string",
            "const": "json_schema",
            "description": "JSON that fits a schema."
           },
           "schema": {
            "type": "object",
            "additionalProperties": {},
            "description": "The schema."
           }
          },
          "required": [
           "type",
           "schema"
          ],
          "additionalProperties": false
         },
         {
          "type": "null"
         }
        ]
       }
      },
      "additionalProperties": false
     },
     "thinking": {
      "description": "Only `{\"type\": \"disabled\"}`: OpenAI’s dialect has no thinking blocks.",
      "type": "object",
      "properties": {
       "type": {
        "type": "string"
       }
      },
      "required": [
       "type"
      ],
      "additionalProperties": {}
     },
     "cache_control": {
      "description": "Accepted and of no effect: prefixes are cached anyway.",
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "type": {
          "type": "string",
          "const": "ephemeral",
          "description": "The only kind there is."
         },
         "ttl": {
          "description": "Only `5m`: nothing is promised to stay for an hour.",
          "type": "string",
          "enum": [
           "5m",
           "1h"
          ]
         }
        },
        "required": [
         "type"
        ],
        "additionalProperties": false
       },
       {
        "type": "null"
       }
      ]
     },
     "context_management": {
      "description": "Refused by its name: there is nothing like it here."
     },
     "mcp_servers": {
      "description": "Refused by its name: there is nothing like it here."
     },
     "speed": {
      "description": "Refused by its name: there is nothing like it here."
     }
    },
    "required": [
     "model",
     "messages"
    ],
    "additionalProperties": false
   },
   "TaskRequest": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string",
      "minLength": 1,
      "maxLength": 512,
      "description": "A deployment, a model, or `model@version`."
     },
     "endpoint": {
      "default": "/v1/chat/completions",
      "description": "The request endpoint that would have been asked; `/v2/models/infer` is that of the Open Inference Protocol, for any model.",
      "type": "string",
      "enum": [
       "/v1/chat/completions",
       "/v1/completions",
       "/v1/embeddings",
       "/v1/inference",
       "/v1/messages",
       "/v2/models/infer"
      ]
     },
     "body": {
      "type": "object",
      "additionalProperties": {},
      "description": "What would have been sent there, as JSON; `model` may be left out."
     },
     "priority": {
      "default": "standard",
      "description": "The more urgent go first.",
      "type": "string",
      "enum": [
       "critical",
       "standard",
       "batch"
      ]
     },
     "delay_s": {
      "description": "Not before so many seconds from now.",
      "type": "number",
      "minimum": 0,
      "maximum": 31536000
     },
     "deadline_s": {
      "description": "Not after so many seconds from now: it then ends as `expired`. Else as configured, from the end of its delay on.",
      "type": "number",
      "minimum": 1,
      "maximum": 31536000
     },
     "ttl_s": {
      "description": "For how long the result is kept after the end. Else as configured.",
      "type": "number",
      "minimum": 0,
      "maximum": 31536000
     },
     "attempts": {
      "description": "Tries at most. Else as configured.",
      "type": "integer",
      "minimum": 1,
      "maximum": 100
     },
     "webhook": {
      "description": "Hears of the end, signed as Standard Webhooks say.",
      "type": "string",
      "maxLength": 2048,
      "format": "uri"
     },
     "session": {
      "description": "What belongs together: best answered by one replica, and by one version during a release. Also as the header `x-session-id`.",
      "type": "string",
      "minLength": 1,
      "maxLength": 256
     },
     "idempotency_key": {
      "description": "The same key brings the same task again. Also as the header `idempotency-key`, which for a list stands for each of its places.",
      "type": "string",
      "minLength": 1,
      "maxLength": 255,
      "pattern": "^[^\\p{Cc}\\p{Cs}]*$"
     }
    },
    "required": [
     "model",
     "body"
    ],
    "additionalProperties": false
   },
   "TaskRequests": {
    "type": "object",
    "properties": {
     "tasks": {
      "minItems": 1,
      "maxItems": 1000,
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "model": {
         "type": "string",
         "minLength": 1,
         "maxLength": 512,
         "description": "A deployment, a model, or `model@version`."
        },
        "endpoint": {
         "default": "/v1/chat/completions",
         "description": "The request endpoint that would have been asked; `/v2/models/infer` is that of the Open Inference Protocol, for any model.",
         "type": "string",
         "enum": [
          "/v1/chat/completions",
          "/v1/completions",
          "/v1/embeddings",
          "/v1/inference",
          "/v1/messages",
          "/v2/models/infer"
         ]
        },
        "body": {
         "type": "object",
         "additionalProperties": {},
         "description": "What would have been sent there, as JSON; `model` may be left out."
        },
        "priority": {
         "default": "standard",
         "description": "The more urgent go first.",
         "type": "string",
         "enum": [
          "critical",
          "standard",
          "batch"
         ]
        },
        "delay_s": {
         "description": "Not before so many seconds from now.",
         "type": "number",
         "minimum": 0,
         "maximum": 31536000
        },
        "deadline_s": {
         "description": "Not after so many seconds from now: it then ends as `expired`. Else as configured, from the end of its delay on.",
         "type": "number",
         "minimum": 1,
         "maximum": 31536000
        },
        "ttl_s": {
         "description": "For how long the result is kept after the end. Else as configured.",
         "type": "number",
         "minimum": 0,
         "maximum": 31536000
        },
        "attempts": {
         "description": "Tries at most. Else as configured.",
         "type": "integer",
         "minimum": 1,
         "maximum": 100
        },
        "webhook": {
         "description": "Hears of the end, signed as Standard Webhooks say.",
         "type": "string",
         "maxLength": 2048,
         "format": "uri"
        },
        "session": {
         "description": "What belongs together: best answered by one replica, and by one version during a release. Also as the header `x-session-id`.",
         "type": "string",
         "minLength": 1,
         "maxLength": 256
        },
        "idempotency_key": {
         "description": "The same key brings the same task again. Also as the header `idempotency-key`, which for a list stands for each of its places.",
         "type": "string",
         "minLength": 1,
         "maxLength": 255,
         "pattern": "^[^\\p{Cc}\\p{Cs}]*$"
        }
       },
       "required": [
        "model",
        "body"
       ],
       "additionalProperties": false
      }
     }
    },
    "required": [
     "tasks"
    ],
    "additionalProperties": false
   },
   "BatchRequest": {
    "type": "object",
    "properties": {
     "input_file_id": {
      "type": "string",
      "minLength": 1,
      "maxLength": 128,
      "description": "A file with purpose `batch`: one request on each line."
     },
     "endpoint": {
      "type": "string",
      "enum": [
       "/v1/chat/completions",
       "/v1/completions",
       "/v1/embeddings",
       "/v1/inference",
       "/v1/messages"
      ],
      "description": "Where its requests go; each line names it as its `url`."
     },
     "completion_window": {
      "type": "string",
      "pattern": "^\\d{1,4}[mhd]$",
      "description": "What has not been answered by then ends unanswered: `24h`, or another number of `m`, `h` or `d`."
     },
     "metadata": {
      "description": "What you want to find again in the batch.",
      "anyOf": [
       {
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 512
        }
       },
       {
        "type": "null"
       }
      ]
     },
     "output_expires_after": {
      "description": "How long its files are kept. Else as configured.",
      "type": "object",
      "properties": {
       "anchor": {
        "type": "string",
        "const": "created_at",
        "description": "When the time begins."
       },
       "seconds": {
        "type": "integer",
        "minimum": 1,
        "maximum": 31536000,
        "description": "How long it is kept."
       }
      },
      "required": [
       "anchor",
       "seconds"
      ],
      "additionalProperties": false
     }
    },
    "required": [
     "input_file_id",
     "endpoint",
     "completion_window"
    ],
    "additionalProperties": false
   },
   "Task": {
    "type": "object",
    "properties": {
     "task_id": {
      "type": "string"
     },
     "object": {
      "type": "string",
      "const": "task"
     },
     "status": {
      "type": "string",
      "enum": [
       "queued",
       "leased",
       "running",
       "succeeded",
       "failed",
       "cancelled",
       "expired",
       "dead"
      ],
      "description": "`queued`, `leased` and `running` are to come; the others are ends."
     },
     "model": {
      "type": "string"
     },
     "endpoint": {
      "type": "string"
     },
     "priority": {
      "type": "string",
      "enum": [
       "critical",
       "standard",
       "batch"
      ]
     },
     "created_at": {
      "type": "string",
      "description": "RFC 3339."
     },
     "due_at": {
      "description": "Where it waits until then.",
      "type": "string"
     },
     "started_at": {
      "description": "When the newest attempt began.",
      "type": "string"
     },
     "ended_at": {
      "type": "string"
     },
     "expires_at": {
      "type": "string",
      "description": "Its deadline."
     },
     "kept_until": {
      "description": "After this it is forgotten.",
      "type": "string"
     },
     "attempts": {
      "type": "integer",
      "description": "Begun so far."
     },
     "attempts_max": {
      "type": "integer"
     },
     "progress": {
      "type": "object",
      "properties": {
       "chunks": {
        "type": "integer",
        "description": "Pieces of a streamed answer: tokens, for language models."
       },
       "bytes": {
        "type": "integer"
       }
      },
      "required": [
       "chunks",
       "bytes"
      ],
      "additionalProperties": false
     },
     "error": {
      "description": "Why it did not succeed, or why it waits for another attempt.",
      "type": "object",
      "properties": {
       "code": {
        "type": "string"
       },
       "message": {
        "type": "string"
       }
      },
      "required": [
       "code",
       "message"
      ],
      "additionalProperties": false
     },
     "history": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "attempt": {
         "type": "integer"
        },
        "started_at": {
         "type": "string"
        },
        "ended_at": {
         "type": "string"
        },
        "outcome": {
         "type": "string"
        },
        "error": {
         "type": "object",
         "properties": {
          "code": {
           "type": "string"
          },
          "message": {
           "type": "string"
          }
         },
         "required": [
          "code",
          "message"
         ],
         "additionalProperties": false
        }
       },
       "required": [
        "attempt",
        "started_at",
        "ended_at",
        "outcome"
       ],
       "additionalProperties": false
      },
      "description": "The newest attempts."
     },
     "webhook": {
      "type": "string"
     },
     "urls": {
      "type": "object",
      "properties": {
       "self": {
        "type": "string"
       },
       "events": {
        "type": "string"
       },
       "result": {
        "type": "string"
       }
      },
      "required": [
       "self",
       "events",
       "result"
      ],
      "additionalProperties": false
     }
    },
    "required": [
     "task_id",
     "object",
     "status",
     "model",
     "endpoint",
     "priority",
     "created_at",
     "expires_at",
     "attempts",
     "attempts_max",
     "history",
     "urls"
    ],
    "additionalProperties": false
   },
   "File": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "object": {
      "type": "string",
      "const": "file"
     },
     "bytes": {
      "type": "integer"
     },
     "created_at": {
      "type": "integer",
      "description": "Seconds since the epoch."
     },
     "expires_at": {
      "type": "integer",
      "description": "After this it is forgotten. Seconds since the epoch."
     },
     "filename": {
      "type": "string"
     },
     "purpose": {
      "type": "string",
      "description": "`batch` for what was sent, `batch_output` for what batches wrote."
     },
     "status": {
      "type": "string",
      "const": "processed"
     }
    },
    "required": [
     "id",
     "object",
     "bytes",
     "created_at",
     "expires_at",
     "filename",
     "purpose",
     "status"
    ],
    "additionalProperties": false
   },
   "FilePage": {
    "type": "object",
    "properties": {
     "object": {
      "type": "string",
      "const": "list"
     },
     "data": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "id": {
         "type": "string"
        },
        "object": {
         "type": "string",
         "const": "file"
        },
        "bytes": {
         "type": "integer"
        },
        "created_at": {
         "type": "integer",
         "description": "Seconds since the epoch."
        },
        "expires_at": {
         "type": "integer",
         "description": "After this it is forgotten. Seconds since the epoch."
        },
        "filename": {
         "type": "string"
        },
        "purpose": {
         "type": "string",
         "description": "`batch` for what was sent, `batch_output` for what batches wrote."
        },
        "status": {
         "type": "string",
         "const": "processed"
        }
       },
       "required": [
        "id",
        "object",
        "bytes",
        "created_at",
        "expires_at",
        "filename",
        "purpose",
        "status"
       ],
       "additionalProperties": false
      }
     },
     "has_more": {
      "type": "boolean"
     },
     "first_id": {
      "type": "string"
     },
     "last_id": {
      "type": "string"
     }
    },
    "required": [
     "object",
     "data",
     "has_more"
    ],
    "additionalProperties": false
   },
   "FileDeleted": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "object": {
      "type": "string",
      "const": "file"
     },
     "deleted": {
      "type": "boolean",
      "const": true
     }
    },
    "required": [
     "id",
     "object",
     "deleted"
    ],
    "additionalProperties": false
   },
   "Batch": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "object": {
      "type": "string",
      "const": "batch"
     },
     "endpoint": {
      "type": "string"
     },
     "input_file_id": {
      "type": "string"
     },
     "completion_window": {
      "type": "string"
     },
     "status": {
      "type": "string",
      "enum": [
       "validating",
       "failed",
       "in_progress",
       "finalizing",
       "completed",
       "expired",
       "cancelling",
       "cancelled"
      ]
     },
     "output_file_id": {
      "description": "The answers, one on each line.",
      "type": [
       "string",
       "null"
      ]
     },
     "error_file_id": {
      "description": "What was not answered, and why, one on each line.",
      "type": [
       "string",
       "null"
      ]
     },
     "errors": {
      "description": "Why it failed as a whole.",
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "object": {
          "type": "string",
          "const": "list"
         },
         "data": {
          "type": "array",
          "items": {
           "type": "object",
           "properties": {
            "code": {
             "type": "string"
            },
            "message": {
             "type": "string"
            },
            "param": {
             "type": [
              "string",
              "null"
             ]
            },
            "line": {
             "anyOf": [
              {
               "type": "integer"
              },
              {
               "type": "null"
              }
             ]
            }
           },
           "required": [
            "code",
            "message"
           ],
           "additionalProperties": false
          }
         }
        },
        "required": [
         "object",
         "data"
        ],
        "additionalProperties": false
       },
       {
        "type": "null"
       }
      ]
     },
     "created_at": {
      "type": "integer",
      "description": "Seconds since the epoch, as all times here."
     },
     "in_progress_at": {
      "anyOf": [
       {
        "type": "integer"
       },
       {
        "type": "null"
       }
      ]
     },
     "expires_at": {
      "description": "When its completion window ends.",
      "anyOf": [
       {
        "type": "integer"
       },
       {
        "type": "null"
       }
      ]
     },
     "completed_at": {
      "anyOf": [
       {
        "type": "integer"
       },
       {
        "type": "null"
       }
      ]
     },
     "failed_at": {
      "anyOf": [
       {
        "type": "integer"
       },
       {
        "type": "null"
       }
      ]
     },
     "expired_at": {
      "anyOf": [
       {
        "type": "integer"
       },
       {
        "type": "null"
       }
      ]
     },
     "cancelling_at": {
      "anyOf": [
       {
        "type": "integer"
       },
       {
        "type": "null"
       }
      ]
     },
     "cancelled_at": {
      "anyOf": [
       {
        "type": "integer"
       },
       {
        "type": "null"
       }
      ]
     },
     "request_counts": {
      "type": "object",
      "properties": {
       "total": {
        "type": "integer"
       },
       "completed": {
        "type": "integer"
       },
       "failed": {
        "type": "integer"
       }
      },
      "required": [
       "total",
       "completed",
       "failed"
      ],
      "additionalProperties": false
     },
     "metadata": {
      "anyOf": [
       {
        "type": "object",
        "additionalProperties": {
         "type": "string"
        }
       },
       {
        "type": "null"
       }
      ]
     }
    },
    "required": [
     "id",
     "object",
     "endpoint",
     "input_file_id",
     "completion_window",
     "status",
     "created_at",
     "request_counts"
    ],
    "additionalProperties": false
   },
   "BatchPage": {
    "type": "object",
    "properties": {
     "object": {
      "type": "string",
      "const": "list"
     },
     "data": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "id": {
         "type": "string"
        },
        "object": {
         "type": "string",
         "const": "batch"
        },
        "endpoint": {
         "type": "string"
        },
        "input_file_id": {
         "type": "string"
        },
        "completion_window": {
         "type": "string"
        },
        "status": {
         "type": "string",
         "enum": [
          "validating",
          "failed",
          "in_progress",
          "finalizing",
          "completed",
          "expired",
          "cancelling",
          "cancelled"
         ]
        },
        "output_file_id": {
         "description": "The answers, one on each line.",
         "type": [
          "string",
          "null"
         ]
        },
        "error_file_id": {
         "description": "What was not answered, and why, one on each line.",
         "type": [
          "string",
          "null"
         ]
        },
        "errors": {
         "description": "Why it failed as a whole.",
         "anyOf": [
          {
           "type": "object",
           "properties": {
            "object": {
             "type": "string",
             "const": "list"
            },
            "data": {
             "type": "array",
             "items": {
              "type": "object",
              "properties": {
               "code": {
                "type": "string"
               },
               "message": {
                "type": "string"
               },
               "param": {
                "type": [
                 "string",
                 "null"
                ]
               },
               "line": {
                "anyOf": [
                 {
                  "type": "integer"
                 },
                 {
                  "type": "null"
                 }
                ]
               }
              },
              "required": [
               "code",
               "message"
              ],
              "additionalProperties": false
             }
            }
           },
           "required": [
            "object",
            "data"
           ],
           "additionalProperties": false
          },
          {
           "type": "null"
          }
         ]
        },
        "created_at": {
         "type": "integer",
         "description": "Seconds since the epoch, as all times here."
        },
        "in_progress_at": {
         "anyOf": [
          {
           "type": "integer"
          },
          {
           "type": "null"
          }
         ]
        },
        "expires_at": {
         "description": "When its completion window ends.",
         "anyOf": [
          {
           "type": "integer"
          },
          {
           "type": "null"
          }
         ]
        },
        "completed_at": {
         "anyOf": [
          {
           "type": "integer"
          },
          {
           "type": "null"
          }
         ]
        },
        "failed_at": {
         "anyOf": [
          {
           "type": "integer"
          },
          {
           "type": "null"
          }
         ]
        },
        "expired_at": {
         "anyOf": [
          {
           "type": "integer"
          },
          {
           "type": "null"
          }
         ]
        },
        "cancelling_at": {
         "anyOf": [
          {
           "type": "integer"
          },
          {
           "type": "null"
          }
         ]
        },
        "cancelled_at": {
         "anyOf": [
          {
           "type": "integer"
          },
          {
           "type": "null"
          }
         ]
        },
        "request_counts": {
         "type": "object",
         "properties": {
          "total": {
           "type": "integer"
          },
          "completed": {
           "type": "integer"
          },
          "failed": {
           "type": "integer"
          }
         },
         "required": [
          "total",
          "completed",
          "failed"
         ],
         "additionalProperties": false
        },
        "metadata": {
         "anyOf": [
          {
           "type": "object",
           "additionalProperties": {
            "type": "string"
           }
          },
          {
           "type": "null"
          }
         ]
        }
       },
       "required": [
        "id",
        "object",
        "endpoint",
        "input_file_id",
        "completion_window",
        "status",
        "created_at",
        "request_counts"
       ],
       "additionalProperties": false
      }
     },
     "has_more": {
      "type": "boolean"
     },
     "first_id": {
      "type": "string"
     },
     "last_id": {
      "type": "string"
     }
    },
    "required": [
     "object",
     "data",
     "has_more"
    ],
    "additionalProperties": false
   },
   "Model": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Model",
      "description": "A model as people speak of it."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "task": {
        "default": "chat",
        "description": "What it is for. `/v1/inference` asks it accordingly.",
        "type": "string",
        "enum": [
         "chat",
         "completion",
         "embedding"
        ]
       },
       "description": {
        "description": "One or two sentences for the people who choose it.",
        "type": "string",
        "maxLength": 4096
       }
      },
      "required": [
       "task"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     },
     "status": {
      "description": "What is. Written by the platform; ignored in what you send.",
      "type": "object",
      "properties": {},
      "additionalProperties": false
     }
    },
    "required": [
     "apiVersion",
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "ModelList": {
    "type": "object",
    "properties": {
     "metadata": {
      "type": "object",
      "properties": {
       "resourceVersion": {
        "type": "string"
       }
      }
     },
     "items": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Model"
      }
     }
    },
    "required": [
     "items"
    ]
   },
   "ModelInput": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Model",
      "description": "A model as people speak of it."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "task": {
        "default": "chat",
        "description": "What it is for. `/v1/inference` asks it accordingly.",
        "type": "string",
        "enum": [
         "chat",
         "completion",
         "embedding"
        ]
       },
       "description": {
        "description": "One or two sentences for the people who choose it.",
        "type": "string",
        "maxLength": 4096
       }
      },
      "additionalProperties": false,
      "description": "What is wanted."
     }
    },
    "required": [
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "ModelVersion": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "ModelVersion",
      "description": "One immutable state of a model: its file, by digest."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "model": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "The Model this is a version of."
       },
       "version": {
        "type": "string",
        "minLength": 1,
        "maxLength": 63,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "For example \"1\" or \"2026-11-20\"."
       },
       "source": {
        "type": "string",
        "minLength": 1,
        "maxLength": 4096,
        "description": "`upload` (pushed), `file:/path`, `https://…`, `s3://BUCKET/KEY`, or `hf:OWNER/REPO/FILE[@REVISION]`; `none` where the engine needs no file, because the model runs elsewhere."
       },
       "format": {
        "description": "`gguf` or `onnx`; found by itself when absent.",
        "type": "string"
       },
       "digest": {
        "description": "Content address of the file. Required for `upload`; checked for the others.",
        "type": "string",
        "pattern": "^sha256:[0-9a-f]{64}$"
       },
       "metadata": {
        "description": "Where it comes from, for the record.",
        "type": "object",
        "properties": {
         "trainingData": {
          "description": "What it was trained on.",
          "type": "string"
         },
         "metrics": {
          "description": "Measured qualities, by name.",
          "type": "object",
          "additionalProperties": {
           "type": "number"
          }
         },
         "commit": {
          "description": "Commit of the code that made it.",
          "type": "string"
         },
         "trainingJob": {
          "description": "The run that made it, as whoever ran it calls it.",
          "type": "string"
         },
         "details": {
          "description": "What models for its `task` have to say of themselves; see the guide to the registry.",
          "type": "object",
          "additionalProperties": {}
         }
        },
        "additionalProperties": false
       },
       "parent": {
        "description": "The ModelVersion it was derived from.",
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
       }
      },
      "required": [
       "model",
       "version",
       "source"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     },
     "status": {
      "description": "What is. Written by the platform; ignored in what you send.",
      "type": "object",
      "properties": {
       "state": {
        "type": "string",
        "enum": [
         "pending",
         "pulling",
         "ready",
         "failed"
        ],
        "description": "Only a `ready` version can be deployed."
       },
       "observedGeneration": {
        "description": "The `generation` this status speaks of.",
        "type": "integer"
       },
       "nextTryAt": {
        "description": "After a failure that may pass: when the next attempt is made; RFC 3339. Absent: only a changed `spec` can help.",
        "type": "string"
       },
       "message": {
        "description": "Why it failed, or what it waits for.",
        "type": "string"
       },
       "digest": {
        "description": "Content address of the file that is here.",
        "type": "string",
        "pattern": "^sha256:[0-9a-f]{64}$"
       },
       "sizeBytes": {
        "description": "Size of the file.",
        "type": "number"
       },
       "receivedBytes": {
        "description": "While pulling: how much has come.",
        "type": "number"
       },
       "remainingMs": {
        "description": "While pulling: how long the rest should take.",
        "type": "number"
       },
       "format": {
        "description": "What the file is.",
        "type": "string"
       },
       "facts": {
        "description": "What the file says about itself.",
        "type": "object",
        "additionalProperties": {
         "type": [
          "string",
          "number",
          "boolean"
         ]
        }
       },
       "serviceCurves": {
        "description": "How long requests occupy a place, by engine and hardware; learned while serving.",
        "maxItems": 64,
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "engine": {
           "type": "string",
           "description": "The engine it was measured on."
          },
          "hardware": {
           "type": "string",
           "description": "The machine it was measured on, or the endpoint of an external engine."
          },
          "inputMs": {
           "type": "number",
           "description": "Milliseconds for each token of the prompt, or each request of a batch."
          },
          "outputMs": {
           "type": "number",
           "description": "Milliseconds for each token of the answer."
          },
          "fixedMs": {
           "type": "number",
           "description": "Milliseconds whatever the size."
          },
          "samples": {
           "type": "integer",
           "description": "Measurements it rests on."
          },
          "spreadMs": {
           "type": "number",
           "description": "How far a prediction is usually off."
          },
          "meanInputs": {
           "type": "number",
           "description": "The usual size of what comes in: there it is known best."
          },
          "meanOutputs": {
           "type": "number",
           "description": "The usual size of an answer."
          }
         },
         "required": [
          "engine",
          "hardware",
          "inputMs",
          "outputMs",
          "fixedMs",
          "samples",
          "spreadMs",
          "meanInputs",
          "meanOutputs"
         ],
         "additionalProperties": false
        }
       }
      },
      "required": [
       "state"
      ],
      "additionalProperties": false
     }
    },
    "required": [
     "apiVersion",
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "ModelVersionList": {
    "type": "object",
    "properties": {
     "metadata": {
      "type": "object",
      "properties": {
       "resourceVersion": {
        "type": "string"
       }
      }
     },
     "items": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/ModelVersion"
      }
     }
    },
    "required": [
     "items"
    ]
   },
   "ModelVersionInput": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "ModelVersion",
      "description": "One immutable state of a model: its file, by digest."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "model": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "The Model this is a version of."
       },
       "version": {
        "type": "string",
        "minLength": 1,
        "maxLength": 63,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "For example \"1\" or \"2026-11-20\"."
       },
       "source": {
        "type": "string",
        "minLength": 1,
        "maxLength": 4096,
        "description": "`upload` (pushed), `file:/path`, `https://…`, `s3://BUCKET/KEY`, or `hf:OWNER/REPO/FILE[@REVISION]`; `none` where the engine needs no file, because the model runs elsewhere."
       },
       "format": {
        "description": "`gguf` or `onnx`; found by itself when absent.",
        "type": "string"
       },
       "digest": {
        "description": "Content address of the file. Required for `upload`; checked for the others.",
        "type": "string",
        "pattern": "^sha256:[0-9a-f]{64}$"
       },
       "metadata": {
        "description": "Where it comes from, for the record.",
        "type": "object",
        "properties": {
         "trainingData": {
          "description": "What it was trained on.",
          "type": "string"
         },
         "metrics": {
          "description": "Measured qualities, by name.",
          "type": "object",
          "additionalProperties": {
           "type": "number"
          }
         },
         "commit": {
          "description": "Commit of the code that made it.",
          "type": "string"
         },
         "trainingJob": {
          "description": "The run that made it, as whoever ran it calls it.",
          "type": "string"
         },
         "details": {
          "description": "What models for its `task` have to say of themselves; see the guide to the registry.",
          "type": "object",
          "additionalProperties": {}
         }
        },
        "additionalProperties": false
       },
       "parent": {
        "description": "The ModelVersion it was derived from.",
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
       }
      },
      "required": [
       "model",
       "version",
       "source"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     }
    },
    "required": [
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "Deployment": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Deployment",
      "description": "A model version kept running under a name clients ask for."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "model": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "The Model to serve."
       },
       "version": {
        "type": "string",
        "minLength": 1,
        "description": "Its version, for example \"1\"."
       },
       "engine": {
        "description": "The engine and its options.",
        "type": "object",
        "properties": {
         "name": {
          "default": "llama",
          "description": "What runs it: `llama` (GGUF files), `onnx` (ONNX files), `openai` or `oip` (an endpoint that already runs), `fake`.",
          "type": "string",
          "minLength": 1
         },
         "options": {
          "default": {},
          "description": "Options of that engine; see its reference page.",
          "type": "object",
          "additionalProperties": {}
         },
         "urls": {
          "description": "For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone.",
          "minItems": 1,
          "maxItems": 256,
          "type": "array",
          "items": {
           "type": "string",
           "format": "uri"
          }
         }
        },
        "required": [
         "name",
         "options"
        ],
        "additionalProperties": false
       },
       "replicas": {
        "description": "How many replicas to run.",
        "type": "object",
        "properties": {
         "min": {
          "default": 1,
          "description": "At least this many replicas run.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000
         },
         "max": {
          "description": "At most this many. `spec.scaling` needs it, unless `min` is 0: then it is 1 when absent.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000
         }
        },
        "required": [
         "min"
        ],
        "additionalProperties": false
       },
       "scaling": {
        "description": "Changes their number with the load; `replicas.min` run when absent.",
        "type": "object",
        "properties": {
         "policy": {
          "default": "predictive",
          "description": "`predictive` looks ahead by the time a start takes; `hpa`, `kpa` and `keda` do as those autoscalers do; `latency` and `band` are plain thresholds; `fixed` keeps `replicas.min`.",
          "type": "string",
          "enum": [
           "fixed",
           "predictive",
           "hpa",
           "kpa",
           "keda",
           "latency",
           "band"
          ]
         },
         "target": {
          "description": "Share of its capacity a replica should be busy (`hpa`, `kpa`, `keda`); each has its own default.",
          "type": "number",
          "minimum": 0.05,
          "maximum": 1
         },
         "metric": {
          "default": "load",
          "description": "What `hpa` looks at: `utilisation` ends at 1, `load` is what comes, whether it is served or waits.",
          "type": "string",
          "enum": [
           "utilisation",
           "load"
          ]
         },
         "targetLatencyMs": {
          "default": 500,
          "description": "Time to the first byte that `latency` aims at.",
          "type": "number",
          "minimum": 1,
          "maximum": 3600000
         },
         "upAt": {
          "default": 0.8,
          "description": "`band`: one replica more above this load.",
          "type": "number",
          "minimum": 0,
          "maximum": 100
         },
         "downAt": {
          "default": 0.3,
          "description": "`band`: one replica less below this load.",
          "type": "number",
          "minimum": 0,
          "maximum": 100
         },
         "attainment": {
          "default": 0.99,
          "description": "`predictive`: the share of requests that should be in time; its headroom follows from it.",
          "type": "number",
          "minimum": 0.5,
          "maximum": 0.9999
         },
         "waitMs": {
          "default": 1000,
          "description": "A stream that begins later than this is late, and another request that waits longer than this for its place.",
          "type": "number",
          "minimum": 1,
          "maximum": 3600000
         },
         "scaleDownMs": {
          "default": 300000,
          "description": "`hpa`, `keda`, `latency`: fewer replicas only after so long a time with less load.",
          "type": "integer",
          "minimum": 0,
          "maximum": 86400000
         },
         "cooldownMs": {
          "default": 0,
          "description": "Not fewer replicas within this time after the last change.",
          "type": "integer",
          "minimum": 0,
          "maximum": 86400000
         },
         "stepUpMax": {
          "description": "At most so many replicas more at once.",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000
         },
         "stepDownMax": {
          "description": "At most so many replicas less at once.",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000
         },
         "toZeroAfterMs": {
          "description": "No replica at all after so long a time without a request, where `replicas.min` is 0; five minutes when absent.",
          "type": "integer",
          "minimum": 0,
          "maximum": 86400000
         },
         "everyMs": {
          "default": 10000,
          "description": "Between two decisions.",
          "type": "integer",
          "minimum": 100,
          "maximum": 3600000
         },
         "coldStartMs": {
          "description": "How long a start takes; measured for each version when absent.",
          "type": "integer",
          "minimum": 0,
          "maximum": 86400000
         },
         "schedule": {
          "default": [],
          "description": "Times of the day with a minimum of their own.",
          "maxItems": 32,
          "type": "array",
          "items": {
           "type": "object",
           "properties": {
            "days": {
             "description": "On these days; every day when absent.",
             "minItems": 1,
             "type": "array",
             "items": {
              "type": "string",
              "enum": [
               "mon",
               "tue",
               "wed",
               "thu",
               "fri",
               "sat",
               "sun"
              ]
             }
            },
            "from": {
             "type": "string",
             "pattern": "^([01]\\d|2[0-3]):[0-5]\\d$",
             "description": "From this time of the day, UTC."
            },
            "to": {
             "type": "string",
             "pattern": "^([01]\\d|2[0-3]):[0-5]\\d$",
             "description": "Until this time; past midnight when it is earlier than `from`."
            },
            "min": {
             "type": "integer",
             "minimum": 0,
             "maximum": 1000,
             "description": "At least so many replicas in that time."
            }
           },
           "required": [
            "from",
            "to",
            "min"
           ],
           "additionalProperties": false
          }
         },
         "forecast": {
          "default": "seasonal",
          "description": "`predictive`: how the load is taken to go on. `reverting` goes back to a slow mean, `seasonal` does as yesterday where that was nearer the truth for a day, `trend`, `holt-winters` and `arima` do as their names say, and `auto` asks the one of all that has been nearest.",
          "type": "string",
          "enum": [
           "reverting",
           "seasonal",
           "trend",
           "holt-winters",
           "arima",
           "auto"
          ]
         },
         "steadiness": {
          "default": "balanced",
          "description": "`predictive`: `eager` takes the fewest replica-hours, `steady` starts and stops no more than the autoscaler of Kubernetes would, `balanced` is in between.",
          "type": "string",
          "enum": [
           "eager",
           "balanced",
           "steady"
          ]
         },
         "shadow": {
          "description": "A second policy that advises beside the first: its advice is noted, and may be followed.",
          "type": "object",
          "properties": {
           "policy": {
            "default": "learned",
            "description": "Who advises. `learned` was found by search in the simulator.",
            "type": "string",
            "enum": [
             "learned",
             "predictive",
             "hpa",
             "kpa",
             "keda",
             "latency",
             "band"
            ]
           },
           "takesOver": {
            "default": false,
            "description": "Whether its advice is followed from when it has shown a gain, and for as long as it shows one.",
            "type": "boolean"
           },
           "gain": {
            "default": 0.02,
            "description": "The share of replica-time it must save, with no more requests late, to take over.",
            "type": "number",
            "minimum": 0,
            "maximum": 0.9
           },
           "trialMs": {
            "default": 86400000,
            "description": "For how long it is watched before it may take over.",
            "type": "integer",
            "minimum": 60000,
            "maximum": 2592000000
           }
          },
          "required": [
           "policy",
           "takesOver",
           "gain",
           "trialMs"
          ],
          "additionalProperties": false
         }
        },
        "required": [
         "policy",
         "metric",
         "targetLatencyMs",
         "upAt",
         "downAt",
         "attainment",
         "waitMs",
         "scaleDownMs",
         "cooldownMs",
         "everyMs",
         "schedule",
         "forecast",
         "steadiness"
        ],
        "additionalProperties": false
       },
       "limits": {
        "description": "Limits.",
        "type": "object",
        "properties": {
         "concurrency": {
          "description": "Requests one replica works on at once; the engine knows its own when absent.",
          "type": "integer",
          "minimum": 1,
          "maximum": 100000
         },
         "queueDepthMax": {
          "default": 1024,
          "description": "Requests that may wait; beyond that 503.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000
         },
         "objectiveMs": {
          "description": "How long an answer should take from the arrival of its request: requests that could not be answered within it are refused rather than queued, and batches are filled as far as it allows.",
          "type": "integer",
          "minimum": 1,
          "maximum": 3600000
         },
         "holdMs": {
          "default": 60000,
          "description": "How long a request is held while the model loads.",
          "type": "integer",
          "minimum": 0,
          "maximum": 3600000
         },
         "answerMs": {
          "description": "How long an answer may take to begin once a replica was asked: then the replica counts as failing, and another is asked where the request may be made twice. As long as the caller waits when absent.",
          "type": "integer",
          "minimum": 1,
          "maximum": 86400000
         },
         "stallMs": {
          "default": 15000,
          "description": "A replica that has work and makes no progress for this long is replaced.",
          "type": "integer",
          "minimum": 1000,
          "maximum": 3600000
         },
         "drainMs": {
          "default": 30000,
          "description": "How long a replica may finish its work before it is stopped.",
          "type": "integer",
          "minimum": 0,
          "maximum": 3600000
         },
         "loadMs": {
          "default": 600000,
          "description": "How long a replica may take to load.",
          "type": "integer",
          "minimum": 1000,
          "maximum": 86400000
         }
        },
        "required": [
         "queueDepthMax",
         "holdMs",
         "stallMs",
         "drainMs",
         "loadMs"
        ],
        "additionalProperties": false
       },
       "batching": {
        "description": "How requests are put together, for engines that take batches.",
        "type": "object",
        "properties": {
         "maxSize": {
          "description": "Requests that are sent to a replica together at most, to be run as one; 1 sends each alone. The engine knows its own when absent; engines that batch by themselves are never sent more than one.",
          "type": "integer",
          "minimum": 1,
          "maximum": 65536
         },
         "windowMs": {
          "description": "How long a request waits for others to join, unless the batch is full before. When absent it waits only where that pays and only as long as `limits.objectiveMs` allows; without an objective not at all.",
          "type": "number",
          "minimum": 0,
          "maximum": 60000
         }
        },
        "additionalProperties": false
       },
       "fallbacks": {
        "default": [],
        "description": "Deployments that answer instead when this one does not; see the guide on fallbacks.",
        "maxItems": 8,
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "deployment": {
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
           "description": "The Deployment to ask instead."
          },
          "on": {
           "default": [
            "error",
            "timeout",
            "overload"
           ],
           "description": "When: `error` (no replica, or it failed), `timeout` (no answer began in time), `overload` (429 or 503).",
           "minItems": 1,
           "type": "array",
           "items": {
            "type": "string",
            "enum": [
             "error",
             "timeout",
             "overload"
            ]
           }
          },
          "afterMs": {
           "description": "With `timeout`: how long the answer of the one before may take to begin. When absent, only `holdMs` of a loading model counts.",
           "type": "integer",
           "minimum": 1,
           "maximum": 3600000
          }
         },
         "required": [
          "deployment",
          "on"
         ],
         "additionalProperties": false
        }
       },
       "steps": {
        "description": "Your own code around requests and answers; see the guide on steps.",
        "type": "object",
        "properties": {
         "pre": {
          "description": "ES module that exports `pre(request, context)`: changes or refuses requests. Only a key with the scope `admin` may set it.",
          "type": "string",
          "pattern": "^file:\\/\\/\\/\\S+\\.m?js$"
         },
         "post": {
          "description": "ES module that exports `post(response, context)`, for streams `chunk(event, context)`: changes answers. Only a key with the scope `admin` may set it.",
          "type": "string",
          "pattern": "^file:\\/\\/\\/\\S+\\.m?js$"
         },
         "timeoutMs": {
          "default": 1000,
          "description": "A step that takes longer than this is stopped, and what it worked on fails.",
          "type": "integer",
          "minimum": 1,
          "maximum": 60000
         },
         "memoryMb": {
          "default": 64,
          "description": "Memory of the thread that runs the steps, in MiB; beyond it the thread is replaced.",
          "type": "integer",
          "minimum": 16,
          "maximum": 4096
         },
         "queueDepthMax": {
          "default": 256,
          "description": "Calls that may wait for the thread; beyond that 503 `overloaded`.",
          "type": "integer",
          "minimum": 1,
          "maximum": 100000
         }
        },
        "required": [
         "timeoutMs",
         "memoryMb",
         "queueDepthMax"
        ],
        "additionalProperties": false
       },
       "routing": {
        "description": "How a replica is chosen.",
        "type": "object",
        "properties": {
         "prefixCacheTokens": {
          "default": 500000,
          "description": "Tokens of prompts that one replica keeps, for prompts that begin alike: what the engine sets aside for its prefix cache. A request then goes where more of its prompt was read before, if that is sooner. 0 where the engine keeps none.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000
         }
        },
        "required": [
         "prefixCacheTokens"
        ],
        "additionalProperties": false
       },
       "resilience": {
        "description": "What happens when replicas fail or are slow.",
        "type": "object",
        "properties": {
         "retries": {
          "description": "Trying again on another replica, as long as the caller has heard nothing.",
          "type": "object",
          "properties": {
           "attemptsMax": {
            "default": 3,
            "description": "Attempts one request may make, the first one included.",
            "type": "integer",
            "minimum": 1,
            "maximum": 10
           },
           "share": {
            "default": 0.1,
            "description": "Retries for each request, over all of them. A few are always free.",
            "type": "number",
            "minimum": 0,
            "maximum": 1
           },
           "repeat": {
            "default": "idempotent",
            "description": "Which work may be done twice: none, that of embeddings and other tensors, or also that of answers that are written. Work that no replica has begun may always be tried again.",
            "type": "string",
            "enum": [
             "never",
             "idempotent",
             "always"
            ]
           }
          },
          "required": [
           "attemptsMax",
           "share",
           "repeat"
          ],
          "additionalProperties": false
         },
         "hedging": {
          "description": "A second call for a request that takes longer than 95 of 100; the first answer counts.",
          "type": "object",
          "properties": {
           "enabled": {
            "default": false,
            "description": "Whether requests that may be done twice are sent to a second replica when they are slow.",
            "type": "boolean"
           },
           "share": {
            "default": 0.02,
            "description": "Second calls for each request, over all of them.",
            "type": "number",
            "minimum": 0,
            "maximum": 1
           }
          },
          "required": [
           "enabled",
           "share"
          ],
          "additionalProperties": false
         },
         "ejection": {
          "description": "Passing over replicas that answer worse than the others: at most a third of them, one of two.",
          "type": "object",
          "properties": {
           "enabled": {
            "default": true,
            "description": "Whether replicas that fail more than others are passed over.",
            "type": "boolean"
           },
           "failuresInARow": {
            "default": 5,
            "description": "Failures in a row after which a replica is passed over.",
            "type": "integer",
            "minimum": 1,
            "maximum": 1000
           },
           "baseMs": {
            "default": 10000,
            "description": "For how long at first; each time so much longer, up to five minutes.",
            "type": "integer",
            "minimum": 100,
            "maximum": 300000
           }
          },
          "required": [
           "enabled",
           "failuresInARow",
           "baseMs"
          ],
          "additionalProperties": false
         }
        },
        "required": [
         "retries",
         "hedging",
         "ejection"
        ],
        "additionalProperties": false
       }
      },
      "required": [
       "model",
       "version",
       "engine",
       "replicas",
       "limits",
       "batching",
       "fallbacks",
       "routing",
       "resilience"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     },
     "status": {
      "description": "What is. Written by the platform; ignored in what you send.",
      "type": "object",
      "properties": {
       "replicas": {
        "type": "integer",
        "description": "Replicas that exist, in whatever state."
       },
       "readyReplicas": {
        "type": "integer",
        "description": "Replicas that answer."
       },
       "observedGeneration": {
        "description": "The `generation` this status speaks of.",
        "type": "integer"
       },
       "restarts": {
        "type": "integer",
        "description": "Replicas in a row that died before they had been ready for a while."
       },
       "nextStartAt": {
        "description": "When the next attempt is made, after failures; RFC 3339.",
        "type": "string"
       },
       "message": {
        "description": "What it waits for or why it fails.",
        "type": "string"
       },
       "scaling": {
        "description": "How many replicas there should be, and why.",
        "type": "object",
        "properties": {
         "replicas": {
          "type": "integer",
          "description": "How many replicas there should be."
         },
         "since": {
          "type": "string",
          "description": "Since when; RFC 3339."
         },
         "policy": {
          "type": "string",
          "description": "The policy that decided."
         },
         "reason": {
          "type": "string",
          "description": "Why, as a short code."
         },
         "facts": {
          "description": "The figures behind it. `without…` is what would have been decided without that part.",
          "type": "object",
          "additionalProperties": {
           "type": [
            "number",
            "string"
           ]
          }
         },
         "shadow": {
          "description": "What the policy in shadow advised.",
          "type": "object",
          "properties": {
           "policy": {
            "type": "string",
            "description": "The policy that advises."
           },
           "replicas": {
            "type": "integer",
            "description": "How many replicas it would have."
           },
           "leads": {
            "type": "boolean",
            "description": "Whether its advice is followed."
           }
          },
          "required": [
           "policy",
           "replicas",
           "leads"
          ],
          "additionalProperties": false
         },
         "at": {
          "type": "string",
          "description": "When this was noted; RFC 3339."
         }
        },
        "required": [
         "replicas",
         "since",
         "policy",
         "reason",
         "at"
        ],
        "additionalProperties": false
       },
       "coldStartMs": {
        "description": "How long starts of this version take, as measured.",
        "type": "number"
       },
       "addresses": {
        "description": "With `spec.engine.urls`: addresses that fail, and when they are tried again.",
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "address": {
           "type": "string",
           "description": "Which of `spec.engine.urls`."
          },
          "template": {
           "type": "string",
           "description": "Of which version: the template of its replica."
          },
          "restarts": {
           "type": "integer",
           "description": "As `restarts` of the deployment; each address has its own."
          },
          "nextStartAt": {
           "description": "When its next attempt is made; RFC 3339.",
           "type": "string"
          },
          "message": {
           "description": "Why it fails.",
           "type": "string"
          }
         },
         "required": [
          "address",
          "template",
          "restarts"
         ],
         "additionalProperties": false
        }
       },
       "beside": {
        "description": "While a release runs: how the starts of the second version go.",
        "type": "object",
        "properties": {
         "template": {
          "type": "string",
          "description": "Which version: the template of its replicas."
         },
         "restarts": {
          "type": "integer",
          "description": "As `restarts` of the deployment; each version has its own."
         },
         "nextStartAt": {
          "description": "When its next attempt is made; RFC 3339.",
          "type": "string"
         },
         "message": {
          "description": "Why it fails.",
          "type": "string"
         }
        },
        "required": [
         "template",
         "restarts"
        ],
        "additionalProperties": false
       }
      },
      "required": [
       "replicas",
       "readyReplicas",
       "restarts"
      ],
      "additionalProperties": false
     }
    },
    "required": [
     "apiVersion",
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "DeploymentList": {
    "type": "object",
    "properties": {
     "metadata": {
      "type": "object",
      "properties": {
       "resourceVersion": {
        "type": "string"
       }
      }
     },
     "items": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Deployment"
      }
     }
    },
    "required": [
     "items"
    ]
   },
   "DeploymentInput": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Deployment",
      "description": "A model version kept running under a name clients ask for."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "model": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "The Model to serve."
       },
       "version": {
        "type": "string",
        "minLength": 1,
        "description": "Its version, for example \"1\"."
       },
       "engine": {
        "description": "The engine and its options.",
        "default": {},
        "type": "object",
        "properties": {
         "name": {
          "default": "llama",
          "description": "What runs it: `llama` (GGUF files), `onnx` (ONNX files), `openai` or `oip` (an endpoint that already runs), `fake`.",
          "type": "string",
          "minLength": 1
         },
         "options": {
          "default": {},
          "description": "Options of that engine; see its reference page.",
          "type": "object",
          "additionalProperties": {}
         },
         "urls": {
          "description": "For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone.",
          "minItems": 1,
          "maxItems": 256,
          "type": "array",
          "items": {
           "type": "string",
           "format": "uri"
          }
         }
        },
        "additionalProperties": false
       },
       "replicas": {
        "description": "How many replicas to run.",
        "default": {},
        "type": "object",
        "properties": {
         "min": {
          "default": 1,
          "description": "At least this many replicas run.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000
         },
         "max": {
          "description": "At most this many. `spec.scaling` needs it, unless `min` is 0: then it is 1 when absent.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000
         }
        },
        "additionalProperties": false
       },
       "scaling": {
        "description": "Changes their number with the load; `replicas.min` run when absent.",
        "type": "object",
        "properties": {
         "policy": {
          "default": "predictive",
          "description": "`predictive` looks ahead by the time a start takes; `hpa`, `kpa` and `keda` do as those autoscalers do; `latency` and `band` are plain thresholds; `fixed` keeps `replicas.min`.",
          "type": "string",
          "enum": [
           "fixed",
           "predictive",
           "hpa",
           "kpa",
           "keda",
           "latency",
           "band"
          ]
         },
         "target": {
          "description": "Share of its capacity a replica should be busy (`hpa`, `kpa`, `keda`); each has its own default.",
          "type": "number",
          "minimum": 0.05,
          "maximum": 1
         },
         "metric": {
          "default": "load",
          "description": "What `hpa` looks at: `utilisation` ends at 1, `load` is what comes, whether it is served or waits.",
          "type": "string",
          "enum": [
           "utilisation",
           "load"
          ]
         },
         "targetLatencyMs": {
          "default": 500,
          "description": "Time to the first byte that `latency` aims at.",
          "type": "number",
          "minimum": 1,
          "maximum": 3600000
         },
         "upAt": {
          "default": 0.8,
          "description": "`band`: one replica more above this load.",
          "type": "number",
          "minimum": 0,
          "maximum": 100
         },
         "downAt": {
          "default": 0.3,
          "description": "`band`: one replica less below this load.",
          "type": "number",
          "minimum": 0,
          "maximum": 100
         },
         "attainment": {
          "default": 0.99,
          "description": "`predictive`: the share of requests that should be in time; its headroom follows from it.",
          "type": "number",
          "minimum": 0.5,
          "maximum": 0.9999
         },
         "waitMs": {
          "default": 1000,
          "description": "A stream that begins later than this is late, and another request that waits longer than this for its place.",
          "type": "number",
          "minimum": 1,
          "maximum": 3600000
         },
         "scaleDownMs": {
          "default": 300000,
          "description": "`hpa`, `keda`, `latency`: fewer replicas only after so long a time with less load.",
          "type": "integer",
          "minimum": 0,
          "maximum": 86400000
         },
         "cooldownMs": {
          "default": 0,
          "description": "Not fewer replicas within this time after the last change.",
          "type": "integer",
          "minimum": 0,
          "maximum": 86400000
         },
         "stepUpMax": {
          "description": "At most so many replicas more at once.",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000
         },
         "stepDownMax": {
          "description": "At most so many replicas less at once.",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000
         },
         "toZeroAfterMs": {
          "description": "No replica at all after so long a time without a request, where `replicas.min` is 0; five minutes when absent.",
          "type": "integer",
          "minimum": 0,
          "maximum": 86400000
         },
         "everyMs": {
          "default": 10000,
          "description": "Between two decisions.",
          "type": "integer",
          "minimum": 100,
          "maximum": 3600000
         },
         "coldStartMs": {
          "description": "How long a start takes; measured for each version when absent.",
          "type": "integer",
          "minimum": 0,
          "maximum": 86400000
         },
         "schedule": {
          "default": [],
          "description": "Times of the day with a minimum of their own.",
          "maxItems": 32,
          "type": "array",
          "items": {
           "type": "object",
           "properties": {
            "days": {
             "description": "On these days; every day when absent.",
             "minItems": 1,
             "type": "array",
             "items": {
              "type": "string",
              "enum": [
               "mon",
               "tue",
               "wed",
               "thu",
               "fri",
               "sat",
               "sun"
              ]
             }
            },
            "from": {
             "type": "string",
             "pattern": "^([01]\\d|2[0-3]):[0-5]\\d$",
             "description": "From this time of the day, UTC."
            },
            "to": {
             "type": "string",
             "pattern": "^([01]\\d|2[0-3]):[0-5]\\d$",
             "description": "Until this time; past midnight when it is earlier than `from`."
            },
            "min": {
             "type": "integer",
             "minimum": 0,
             "maximum": 1000,
             "description": "At least so many replicas in that time."
            }
           },
           "required": [
            "from",
            "to",
            "min"
           ],
           "additionalProperties": false
          }
         },
         "forecast": {
          "default": "seasonal",
          "description": "`predictive`: how the load is taken to go on. `reverting` goes back to a slow mean, `seasonal` does as yesterday where that was nearer the truth for a day, `trend`, `holt-winters` and `arima` do as their names say, and `auto` asks the one of all that has been nearest.",
          "type": "string",
          "enum": [
           "reverting",
           "seasonal",
           "trend",
           "holt-winters",
           "arima",
           "auto"
          ]
         },
         "steadiness": {
          "default": "balanced",
          "description": "`predictive`: `eager` takes the fewest replica-hours, `steady` starts and stops no more than the autoscaler of Kubernetes would, `balanced` is in between.",
          "type": "string",
          "enum": [
           "eager",
           "balanced",
           "steady"
          ]
         },
         "shadow": {
          "description": "A second policy that advises beside the first: its advice is noted, and may be followed.",
          "type": "object",
          "properties": {
           "policy": {
            "default": "learned",
            "description": "Who advises. `learned` was found by search in the simulator.",
            "type": "string",
            "enum": [
             "learned",
             "predictive",
             "hpa",
             "kpa",
             "keda",
             "latency",
             "band"
            ]
           },
           "takesOver": {
            "default": false,
            "description": "Whether its advice is followed from when it has shown a gain, and for as long as it shows one.",
            "type": "boolean"
           },
           "gain": {
            "default": 0.02,
            "description": "The share of replica-time it must save, with no more requests late, to take over.",
            "type": "number",
            "minimum": 0,
            "maximum": 0.9
           },
           "trialMs": {
            "default": 86400000,
            "description": "For how long it is watched before it may take over.",
            "type": "integer",
            "minimum": 60000,
            "maximum": 2592000000
           }
          },
          "additionalProperties": false
         }
        },
        "additionalProperties": false
       },
       "limits": {
        "description": "Limits.",
        "default": {},
        "type": "object",
        "properties": {
         "concurrency": {
          "description": "Requests one replica works on at once; the engine knows its own when absent.",
          "type": "integer",
          "minimum": 1,
          "maximum": 100000
         },
         "queueDepthMax": {
          "default": 1024,
          "description": "Requests that may wait; beyond that 503.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000
         },
         "objectiveMs": {
          "description": "How long an answer should take from the arrival of its request: requests that could not be answered within it are refused rather than queued, and batches are filled as far as it allows.",
          "type": "integer",
          "minimum": 1,
          "maximum": 3600000
         },
         "holdMs": {
          "default": 60000,
          "description": "How long a request is held while the model loads.",
          "type": "integer",
          "minimum": 0,
          "maximum": 3600000
         },
         "answerMs": {
          "description": "How long an answer may take to begin once a replica was asked: then the replica counts as failing, and another is asked where the request may be made twice. As long as the caller waits when absent.",
          "type": "integer",
          "minimum": 1,
          "maximum": 86400000
         },
         "stallMs": {
          "default": 15000,
          "description": "A replica that has work and makes no progress for this long is replaced.",
          "type": "integer",
          "minimum": 1000,
          "maximum": 3600000
         },
         "drainMs": {
          "default": 30000,
          "description": "How long a replica may finish its work before it is stopped.",
          "type": "integer",
          "minimum": 0,
          "maximum": 3600000
         },
         "loadMs": {
          "default": 600000,
          "description": "How long a replica may take to load.",
          "type": "integer",
          "minimum": 1000,
          "maximum": 86400000
         }
        },
        "additionalProperties": false
       },
       "batching": {
        "description": "How requests are put together, for engines that take batches.",
        "default": {},
        "type": "object",
        "properties": {
         "maxSize": {
          "description": "Requests that are sent to a replica together at most, to be run as one; 1 sends each alone. The engine knows its own when absent; engines that batch by themselves are never sent more than one.",
          "type": "integer",
          "minimum": 1,
          "maximum": 65536
         },
         "windowMs": {
          "description": "How long a request waits for others to join, unless the batch is full before. When absent it waits only where that pays and only as long as `limits.objectiveMs` allows; without an objective not at all.",
          "type": "number",
          "minimum": 0,
          "maximum": 60000
         }
        },
        "additionalProperties": false
       },
       "fallbacks": {
        "default": [],
        "description": "Deployments that answer instead when this one does not; see the guide on fallbacks.",
        "maxItems": 8,
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "deployment": {
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
           "description": "The Deployment to ask instead."
          },
          "on": {
           "default": [
            "error",
            "timeout",
            "overload"
           ],
           "description": "When: `error` (no replica, or it failed), `timeout` (no answer began in time), `overload` (429 or 503).",
           "minItems": 1,
           "type": "array",
           "items": {
            "type": "string",
            "enum": [
             "error",
             "timeout",
             "overload"
            ]
           }
          },
          "afterMs": {
           "description": "With `timeout`: how long the answer of the one before may take to begin. When absent, only `holdMs` of a loading model counts.",
           "type": "integer",
           "minimum": 1,
           "maximum": 3600000
          }
         },
         "required": [
          "deployment"
         ],
         "additionalProperties": false
        }
       },
       "steps": {
        "description": "Your own code around requests and answers; see the guide on steps.",
        "type": "object",
        "properties": {
         "pre": {
          "description": "ES module that exports `pre(request, context)`: changes or refuses requests. Only a key with the scope `admin` may set it.",
          "type": "string",
          "pattern": "^file:\\/\\/\\/\\S+\\.m?js$"
         },
         "post": {
          "description": "ES module that exports `post(response, context)`, for streams `chunk(event, context)`: changes answers. Only a key with the scope `admin` may set it.",
          "type": "string",
          "pattern": "^file:\\/\\/\\/\\S+\\.m?js$"
         },
         "timeoutMs": {
          "default": 1000,
          "description": "A step that takes longer than this is stopped, and what it worked on fails.",
          "type": "integer",
          "minimum": 1,
          "maximum": 60000
         },
         "memoryMb": {
          "default": 64,
          "description": "Memory of the thread that runs the steps, in MiB; beyond it the thread is replaced.",
          "type": "integer",
          "minimum": 16,
          "maximum": 4096
         },
         "queueDepthMax": {
          "default": 256,
          "description": "Calls that may wait for the thread; beyond that 503 `overloaded`.",
          "type": "integer",
          "minimum": 1,
          "maximum": 100000
         }
        },
        "additionalProperties": false
       },
       "routing": {
        "description": "How a replica is chosen.",
        "default": {},
        "type": "object",
        "properties": {
         "prefixCacheTokens": {
          "default": 500000,
          "description": "Tokens of prompts that one replica keeps, for prompts that begin alike: what the engine sets aside for its prefix cache. A request then goes where more of its prompt was read before, if that is sooner. 0 where the engine keeps none.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000
         }
        },
        "additionalProperties": false
       },
       "resilience": {
        "description": "What happens when replicas fail or are slow.",
        "default": {},
        "type": "object",
        "properties": {
         "retries": {
          "description": "Trying again on another replica, as long as the caller has heard nothing.",
          "default": {},
          "type": "object",
          "properties": {
           "attemptsMax": {
            "default": 3,
            "description": "Attempts one request may make, the first one included.",
            "type": "integer",
            "minimum": 1,
            "maximum": 10
           },
           "share": {
            "default": 0.1,
            "description": "Retries for each request, over all of them. A few are always free.",
            "type": "number",
            "minimum": 0,
            "maximum": 1
           },
           "repeat": {
            "default": "idempotent",
            "description": "Which work may be done twice: none, that of embeddings and other tensors, or also that of answers that are written. Work that no replica has begun may always be tried again.",
            "type": "string",
            "enum": [
             "never",
             "idempotent",
             "always"
            ]
           }
          },
          "additionalProperties": false
         },
         "hedging": {
          "description": "A second call for a request that takes longer than 95 of 100; the first answer counts.",
          "default": {},
          "type": "object",
          "properties": {
           "enabled": {
            "default": false,
            "description": "Whether requests that may be done twice are sent to a second replica when they are slow.",
            "type": "boolean"
           },
           "share": {
            "default": 0.02,
            "description": "Second calls for each request, over all of them.",
            "type": "number",
            "minimum": 0,
            "maximum": 1
           }
          },
          "additionalProperties": false
         },
         "ejection": {
          "description": "Passing over replicas that answer worse than the others: at most a third of them, one of two.",
          "default": {},
          "type": "object",
          "properties": {
           "enabled": {
            "default": true,
            "description": "Whether replicas that fail more than others are passed over.",
            "type": "boolean"
           },
           "failuresInARow": {
            "default": 5,
            "description": "Failures in a row after which a replica is passed over.",
            "type": "integer",
            "minimum": 1,
            "maximum": 1000
           },
           "baseMs": {
            "default": 10000,
            "description": "For how long at first; each time so much longer, up to five minutes.",
            "type": "integer",
            "minimum": 100,
            "maximum": 300000
           }
          },
          "additionalProperties": false
         }
        },
        "additionalProperties": false
       }
      },
      "required": [
       "model",
       "version"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     }
    },
    "required": [
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "Alias": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Alias",
      "description": "Another name for a deployment, changed for the very next request."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "deployment": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "The Deployment that answers under this name."
       },
       "description": {
        "description": "What the name promises to those who use it.",
        "type": "string",
        "maxLength": 4096
       }
      },
      "required": [
       "deployment"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     },
     "status": {
      "description": "What is. Written by the platform; ignored in what you send.",
      "type": "object",
      "properties": {},
      "additionalProperties": false
     }
    },
    "required": [
     "apiVersion",
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "AliasList": {
    "type": "object",
    "properties": {
     "metadata": {
      "type": "object",
      "properties": {
       "resourceVersion": {
        "type": "string"
       }
      }
     },
     "items": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Alias"
      }
     }
    },
    "required": [
     "items"
    ]
   },
   "AliasInput": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Alias",
      "description": "Another name for a deployment, changed for the very next request."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "deployment": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "The Deployment that answers under this name."
       },
       "description": {
        "description": "What the name promises to those who use it.",
        "type": "string",
        "maxLength": 4096
       }
      },
      "required": [
       "deployment"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     }
    },
    "required": [
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "Release": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Release",
      "description": "A new version put beside the one that serves, and tried on a part of the requests."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "deployment": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "The Deployment whose version is to change."
       },
       "version": {
        "type": "string",
        "minLength": 1,
        "description": "The version to change to, of the same model."
       },
       "engine": {
        "description": "What runs the new version; the deployment's engine when absent.",
        "type": "object",
        "properties": {
         "name": {
          "type": "string",
          "minLength": 1,
          "description": "What runs it."
         },
         "options": {
          "default": {},
          "description": "Options of that engine.",
          "type": "object",
          "additionalProperties": {}
         },
         "urls": {
          "description": "For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone.",
          "minItems": 1,
          "maxItems": 256,
          "type": "array",
          "items": {
           "type": "string",
           "format": "uri"
          }
         }
        },
        "required": [
         "name",
         "options"
        ],
        "additionalProperties": false
       },
       "strategy": {
        "default": "canary",
        "description": "`canary`: a growing share, as long as nothing speaks against it. `ab`: one share until the verdict. `blue-green`: all at once when the new one is warm, without a comparison; the old one stays warm for `rollbackWindowMs`. `shadow`: the new version is asked copies of requests, and only the old one answers.",
        "type": "string",
        "enum": [
         "canary",
         "ab",
         "blue-green",
         "shadow"
        ]
       },
       "steps": {
        "description": "Shares in percent, one after the other; the last is 100. `[5, 25, 100]` for `canary`, `[50, 100]` for `ab` when absent.",
        "minItems": 1,
        "maxItems": 20,
        "type": "array",
        "items": {
         "type": "number",
         "exclusiveMinimum": 0,
         "maximum": 100
        }
       },
       "sticky": {
        "default": "session",
        "description": "What stays with one version: `session` (`x-session-id`, else `user`; requests without either are drawn singly), `user` (the field `user` of requests), `key` (all requests of one API key) or `request` (nothing).",
        "type": "string",
        "enum": [
         "session",
         "user",
         "key",
         "request"
        ]
       },
       "stepMs": {
        "default": 300000,
        "description": "How long a step lasts at least.",
        "type": "integer",
        "minimum": 0,
        "maximum": 2592000000
       },
       "samplesMin": {
        "default": 100,
        "description": "Requests that the new version must have answered in a step, at least.",
        "type": "integer",
        "minimum": 1,
        "maximum": 1000000000
       },
       "rollbackWindowMs": {
        "default": 600000,
        "description": "How long the old version stays warm after all requests go to the new one.",
        "type": "integer",
        "minimum": 0,
        "maximum": 2592000000
       },
       "alpha": {
        "default": 0.001,
        "description": "Chance that a harmless version is rolled back: over all gates, steps and looks.",
        "type": "number",
        "minimum": 1e-9,
        "maximum": 0.5
       },
       "beta": {
        "default": 0.05,
        "description": "Chance that a version is promoted although it is worse than the bounds allow.",
        "type": "number",
        "minimum": 1e-9,
        "maximum": 0.5
       },
       "gates": {
        "description": "What the new version must not be worse in. Without data in a gate nothing is promoted.",
        "maxItems": 12,
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "name": {
           "type": "string",
           "enum": [
            "errors",
            "refusals",
            "empty",
            "feedback",
            "firstToken",
            "total",
            "tpot",
            "answerBytes",
            "repetition",
            "confidence",
            "cost",
            "scorer"
           ],
           "description": "`errors` (status 500 and above), `refusals` (400 to 498), `empty` (answers without text, or in which the model refuses), `feedback` (ratings of 1 or 2, and corrections, from `/v1/feedback`), `firstToken` (time to the first byte), `total` (time of the whole answer), `tpot` (time of each further token of a stream), `answerBytes` (length, longer and shorter), `repetition` (how much of the text stood there before), `confidence` (how unsure the model was of its tokens, where requests ask for `logprobs`), `cost` (price of the tokens, or time of a place of a replica), `scorer` (your own)."
          },
          "weight": {
           "default": 1,
           "description": "The part of `alpha` that this gate may use, beside the weights of the others.",
           "type": "number",
           "exclusiveMinimum": 0,
           "maximum": 100
          },
          "tolerated": {
           "default": 1,
           "description": "Up to so many times as bad is no harm: a version is not rolled back for it.",
           "type": "number",
           "minimum": 1,
           "maximum": 16
          },
          "boundRatio": {
           "default": 2,
           "description": "A step is passed once bad requests are certainly at most so many times as frequent. Of values, those are bad that lie beyond nine tenths of the stable version’s.",
           "type": "number",
           "minimum": 1,
           "maximum": 32
          },
          "boundRise": {
           "default": 0.01,
           "description": "Or once they are certainly at most this part of all requests more frequent.",
           "type": "number",
           "minimum": 0,
           "maximum": 1
          }
         },
         "required": [
          "name",
          "weight",
          "tolerated",
          "boundRatio",
          "boundRise"
         ],
         "additionalProperties": false
        }
       },
       "scorer": {
        "description": "What the gate `scorer` asks: your own code, in a thread of its own.",
        "type": "object",
        "properties": {
         "module": {
          "type": "string",
          "pattern": "^file:\\/\\/\\/\\S+\\.m?js$",
          "description": "ES module that exports `score({ request, text }, context)`: a number from 0 to 1, 1 for the best. Only a key with the scope `admin` may set it."
         },
         "timeoutMs": {
          "default": 1000,
          "description": "A score that takes longer is given up.",
          "type": "integer",
          "minimum": 1,
          "maximum": 60000
         },
         "memoryMb": {
          "default": 64,
          "description": "Memory of its thread, in MiB.",
          "type": "integer",
          "minimum": 16,
          "maximum": 4096
         }
        },
        "required": [
         "module",
         "timeoutMs",
         "memoryMb"
        ],
        "additionalProperties": false
       },
       "shadow": {
        "description": "With the strategy `shadow`: which requests the new version is asked as well, its answers being discarded.",
        "type": "object",
        "properties": {
         "percent": {
          "default": 10,
          "description": "The part of the requests that is copied, in percent, as long as there is room.",
          "type": "number",
          "exclusiveMinimum": 0,
          "maximum": 100
         },
         "concurrencyMax": {
          "default": 4,
          "description": "Copies under way at once; what comes beyond is not copied.",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000
         },
         "promote": {
          "default": false,
          "description": "Whether the new version takes over when all gates have passed. Else a person decides.",
          "type": "boolean"
         }
        },
        "required": [
         "percent",
         "concurrencyMax",
         "promote"
        ],
        "additionalProperties": false
       },
       "verdict": {
        "description": "A person's verdict: it is followed at once, whatever the evidence says.",
        "type": "string",
        "enum": [
         "promote",
         "roll-back"
        ]
       }
      },
      "required": [
       "deployment",
       "version",
       "strategy",
       "sticky",
       "stepMs",
       "samplesMin",
       "rollbackWindowMs",
       "alpha",
       "beta",
       "gates",
       "shadow"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     },
     "status": {
      "description": "What is. Written by the platform; ignored in what you send.",
      "type": "object",
      "properties": {
       "state": {
        "type": "string",
        "enum": [
         "pending",
         "warming",
         "comparing",
         "settling",
         "promoted",
         "rolled-back",
         "failed"
        ],
        "description": "Requests go to the candidate in `comparing` and `settling` only."
       },
       "since": {
        "type": "string",
        "description": "When it came into this state; RFC 3339."
       },
       "step": {
        "type": "integer",
        "description": "Which of the steps is being taken, from 0."
       },
       "stepSince": {
        "type": "string",
        "description": "When this step began; RFC 3339."
       },
       "message": {
        "description": "The verdict, or what it waits for.",
        "type": "string"
       },
       "stable": {
        "description": "What served when the release began, and serves again after a rollback.",
        "type": "object",
        "properties": {
         "version": {
          "type": "string",
          "description": "The version."
         },
         "engine": {
          "type": "object",
          "properties": {
           "name": {
            "type": "string"
           },
           "options": {
            "type": "object",
            "additionalProperties": {}
           },
           "urls": {
            "description": "For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone.",
            "minItems": 1,
            "maxItems": 256,
            "type": "array",
            "items": {
             "type": "string",
             "format": "uri"
            }
           }
          },
          "required": [
           "name",
           "options"
          ],
          "additionalProperties": false,
          "description": "Engine and options."
         }
        },
        "required": [
         "version",
         "engine"
        ],
        "additionalProperties": false
       },
       "split": {
        "description": "How gateways divide requests; they keep the last one they heard of. Gone when there is one version again.",
        "type": "object",
        "properties": {
         "candidate": {
          "type": "string",
          "description": "The template of the replicas of the new version."
         },
         "stable": {
          "type": "string",
          "description": "That of the old version."
         },
         "share": {
          "type": "number",
          "minimum": 0,
          "maximum": 1,
          "description": "The part of the requests that goes to the new version."
         },
         "copied": {
          "description": "The part of the requests that the new version is asked as well, its answers being discarded.",
          "type": "number",
          "minimum": 0,
          "maximum": 1
         }
        },
        "required": [
         "candidate",
         "stable",
         "share"
        ],
        "additionalProperties": false
       },
       "shares": {
        "description": "Which part of the requests went to the new version, from when on, oldest first.",
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "at": {
           "type": "string",
           "description": "From when on; RFC 3339."
          },
          "share": {
           "type": "number",
           "minimum": 0,
           "maximum": 1,
           "description": "The part of the requests that went to the new version."
          }
         },
         "required": [
          "at",
          "share"
         ],
         "additionalProperties": false
        }
       },
       "evidence": {
        "description": "For harm, all gates together; at 1/`alpha` it is rolled back.",
        "type": "number"
       },
       "samples": {
        "description": "Requests of the candidate in this step.",
        "type": "number"
       },
       "gates": {
        "description": "What each gate has found.",
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "name": {
           "type": "string",
           "description": "The gate."
          },
          "evidence": {
           "type": "number",
           "description": "How much likelier what was seen is if the candidate does harm."
          },
          "ratioBound": {
           "description": "It is at most so many times as bad; absent while nobody knows.",
           "type": "number"
          },
          "riseBound": {
           "type": "number",
           "description": "Bad requests are at most this part of all more frequent."
          },
          "passes": {
           "type": "boolean",
           "description": "Whether the bounds are as wanted."
          },
          "candidate": {
           "type": "object",
           "properties": {
            "requests": {
             "type": "number",
             "description": "Requests."
            },
            "bad": {
             "type": "number",
             "description": "Those that were bad."
            }
           },
           "required": [
            "requests",
            "bad"
           ],
           "additionalProperties": false,
           "description": "The new version."
          },
          "stable": {
           "type": "object",
           "properties": {
            "requests": {
             "type": "number",
             "description": "Requests."
            },
            "bad": {
             "type": "number",
             "description": "Those that were bad."
            }
           },
           "required": [
            "requests",
            "bad"
           ],
           "additionalProperties": false,
           "description": "The old one."
          }
         },
         "required": [
          "name",
          "evidence",
          "riseBound",
          "passes",
          "candidate",
          "stable"
         ],
         "additionalProperties": false
        }
       },
       "alike": {
        "description": "Of a shadow: how its answers compare with those that were given.",
        "type": "object",
        "properties": {
         "copied": {
          "type": "number",
          "description": "Requests that both versions have answered."
         },
         "fixed": {
          "type": "number",
          "description": "Of those, requests whose answer should always be the same: temperature 0, or embeddings."
         },
         "equal": {
          "type": "number",
          "description": "Of those, answers that were equal."
         }
        },
        "required": [
         "copied",
         "fixed",
         "equal"
        ],
        "additionalProperties": false
       },
       "memory": {
        "description": "What a restarted platform goes on from."
       }
      },
      "required": [
       "state",
       "since",
       "step",
       "stepSince"
      ],
      "additionalProperties": false
     }
    },
    "required": [
     "apiVersion",
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "ReleaseList": {
    "type": "object",
    "properties": {
     "metadata": {
      "type": "object",
      "properties": {
       "resourceVersion": {
        "type": "string"
       }
      }
     },
     "items": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Release"
      }
     }
    },
    "required": [
     "items"
    ]
   },
   "ReleaseInput": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Release",
      "description": "A new version put beside the one that serves, and tried on a part of the requests."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "deployment": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "The Deployment whose version is to change."
       },
       "version": {
        "type": "string",
        "minLength": 1,
        "description": "The version to change to, of the same model."
       },
       "engine": {
        "description": "What runs the new version; the deployment's engine when absent.",
        "type": "object",
        "properties": {
         "name": {
          "type": "string",
          "minLength": 1,
          "description": "What runs it."
         },
         "options": {
          "default": {},
          "description": "Options of that engine.",
          "type": "object",
          "additionalProperties": {}
         },
         "urls": {
          "description": "For `openai` and `oip`, in place of `options.url`: several endpoints that already run. Each is a replica with its own health, places and speed; `replicas` does not count then. An address that is added or taken away later concerns that replica alone.",
          "minItems": 1,
          "maxItems": 256,
          "type": "array",
          "items": {
           "type": "string",
           "format": "uri"
          }
         }
        },
        "required": [
         "name"
        ],
        "additionalProperties": false
       },
       "strategy": {
        "default": "canary",
        "description": "`canary`: a growing share, as long as nothing speaks against it. `ab`: one share until the verdict. `blue-green`: all at once when the new one is warm, without a comparison; the old one stays warm for `rollbackWindowMs`. `shadow`: the new version is asked copies of requests, and only the old one answers.",
        "type": "string",
        "enum": [
         "canary",
         "ab",
         "blue-green",
         "shadow"
        ]
       },
       "steps": {
        "description": "Shares in percent, one after the other; the last is 100. `[5, 25, 100]` for `canary`, `[50, 100]` for `ab` when absent.",
        "minItems": 1,
        "maxItems": 20,
        "type": "array",
        "items": {
         "type": "number",
         "exclusiveMinimum": 0,
         "maximum": 100
        }
       },
       "sticky": {
        "default": "session",
        "description": "What stays with one version: `session` (`x-session-id`, else `user`; requests without either are drawn singly), `user` (the field `user` of requests), `key` (all requests of one API key) or `request` (nothing).",
        "type": "string",
        "enum": [
         "session",
         "user",
         "key",
         "request"
        ]
       },
       "stepMs": {
        "default": 300000,
        "description": "How long a step lasts at least.",
        "type": "integer",
        "minimum": 0,
        "maximum": 2592000000
       },
       "samplesMin": {
        "default": 100,
        "description": "Requests that the new version must have answered in a step, at least.",
        "type": "integer",
        "minimum": 1,
        "maximum": 1000000000
       },
       "rollbackWindowMs": {
        "default": 600000,
        "description": "How long the old version stays warm after all requests go to the new one.",
        "type": "integer",
        "minimum": 0,
        "maximum": 2592000000
       },
       "alpha": {
        "default": 0.001,
        "description": "Chance that a harmless version is rolled back: over all gates, steps and looks.",
        "type": "number",
        "minimum": 1e-9,
        "maximum": 0.5
       },
       "beta": {
        "default": 0.05,
        "description": "Chance that a version is promoted although it is worse than the bounds allow.",
        "type": "number",
        "minimum": 1e-9,
        "maximum": 0.5
       },
       "gates": {
        "description": "What the new version must not be worse in. Without data in a gate nothing is promoted.",
        "default": [
         {
          "name": "errors",
          "weight": 7.5
         },
         {
          "name": "refusals",
          "weight": 0.4
         },
         {
          "name": "firstToken",
          "weight": 0.5,
          "tolerated": 1.2,
          "boundRise": 0.1
         },
         {
          "name": "total",
          "weight": 1,
          "tolerated": 1.2,
          "boundRise": 0.1
         },
         {
          "name": "answerBytes",
          "weight": 0.6,
          "tolerated": 1.5,
          "boundRise": 0.1
         }
        ],
        "maxItems": 12,
        "type": "array",
        "items": {
         "type": "object",
         "properties": {
          "name": {
           "type": "string",
           "enum": [
            "errors",
            "refusals",
            "empty",
            "feedback",
            "firstToken",
            "total",
            "tpot",
            "answerBytes",
            "repetition",
            "confidence",
            "cost",
            "scorer"
           ],
           "description": "`errors` (status 500 and above), `refusals` (400 to 498), `empty` (answers without text, or in which the model refuses), `feedback` (ratings of 1 or 2, and corrections, from `/v1/feedback`), `firstToken` (time to the first byte), `total` (time of the whole answer), `tpot` (time of each further token of a stream), `answerBytes` (length, longer and shorter), `repetition` (how much of the text stood there before), `confidence` (how unsure the model was of its tokens, where requests ask for `logprobs`), `cost` (price of the tokens, or time of a place of a replica), `scorer` (your own)."
          },
          "weight": {
           "default": 1,
           "description": "The part of `alpha` that this gate may use, beside the weights of the others.",
           "type": "number",
           "exclusiveMinimum": 0,
           "maximum": 100
          },
          "tolerated": {
           "default": 1,
           "description": "Up to so many times as bad is no harm: a version is not rolled back for it.",
           "type": "number",
           "minimum": 1,
           "maximum": 16
          },
          "boundRatio": {
           "default": 2,
           "description": "A step is passed once bad requests are certainly at most so many times as frequent. Of values, those are bad that lie beyond nine tenths of the stable version’s.",
           "type": "number",
           "minimum": 1,
           "maximum": 32
          },
          "boundRise": {
           "default": 0.01,
           "description": "Or once they are certainly at most this part of all requests more frequent.",
           "type": "number",
           "minimum": 0,
           "maximum": 1
          }
         },
         "required": [
          "name"
         ],
         "additionalProperties": false
        }
       },
       "scorer": {
        "description": "What the gate `scorer` asks: your own code, in a thread of its own.",
        "type": "object",
        "properties": {
         "module": {
          "type": "string",
          "pattern": "^file:\\/\\/\\/\\S+\\.m?js$",
          "description": "ES module that exports `score({ request, text }, context)`: a number from 0 to 1, 1 for the best. Only a key with the scope `admin` may set it."
         },
         "timeoutMs": {
          "default": 1000,
          "description": "A score that takes longer is given up.",
          "type": "integer",
          "minimum": 1,
          "maximum": 60000
         },
         "memoryMb": {
          "default": 64,
          "description": "Memory of its thread, in MiB.",
          "type": "integer",
          "minimum": 16,
          "maximum": 4096
         }
        },
        "required": [
         "module"
        ],
        "additionalProperties": false
       },
       "shadow": {
        "description": "With the strategy `shadow`: which requests the new version is asked as well, its answers being discarded.",
        "default": {},
        "type": "object",
        "properties": {
         "percent": {
          "default": 10,
          "description": "The part of the requests that is copied, in percent, as long as there is room.",
          "type": "number",
          "exclusiveMinimum": 0,
          "maximum": 100
         },
         "concurrencyMax": {
          "default": 4,
          "description": "Copies under way at once; what comes beyond is not copied.",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000
         },
         "promote": {
          "default": false,
          "description": "Whether the new version takes over when all gates have passed. Else a person decides.",
          "type": "boolean"
         }
        },
        "additionalProperties": false
       },
       "verdict": {
        "description": "A person's verdict: it is followed at once, whatever the evidence says.",
        "type": "string",
        "enum": [
         "promote",
         "roll-back"
        ]
       }
      },
      "required": [
       "deployment",
       "version"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     }
    },
    "required": [
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "Tenant": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Tenant",
      "description": "A group that shares keys, limits and a bill."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "description": {
        "description": "Who they are.",
        "type": "string",
        "maxLength": 4096
       },
       "weight": {
        "default": 1,
        "description": "Its share beside others while requests wait: twice the weight, twice the work.",
        "type": "number",
        "minimum": 0.001,
        "maximum": 1000
       },
       "tasks": {
        "description": "Limits of its durable tasks.",
        "type": "object",
        "properties": {
         "unfinishedMax": {
          "description": "Tasks that may wait or run at the same time; more are refused with 429. Else `tasks.unfinishedMax`.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000
         },
         "runningMax": {
          "description": "Tasks that may run at the same time, over all workers; more wait. Else as many as there are places.",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000000000
         }
        },
        "additionalProperties": false
       },
       "models": {
        "description": "What they get for a name, where it is not what everybody gets: `chat: chat@2` or `chat: chat-eu`. A deployment, an alias, or `model@version`.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "minLength": 1,
         "maxLength": 317
        }
       }
      },
      "required": [
       "weight"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     },
     "status": {
      "description": "What is. Written by the platform; ignored in what you send.",
      "type": "object",
      "properties": {},
      "additionalProperties": false
     }
    },
    "required": [
     "apiVersion",
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "TenantList": {
    "type": "object",
    "properties": {
     "metadata": {
      "type": "object",
      "properties": {
       "resourceVersion": {
        "type": "string"
       }
      }
     },
     "items": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Tenant"
      }
     }
    },
    "required": [
     "items"
    ]
   },
   "TenantInput": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Tenant",
      "description": "A group that shares keys, limits and a bill."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "description": {
        "description": "Who they are.",
        "type": "string",
        "maxLength": 4096
       },
       "weight": {
        "default": 1,
        "description": "Its share beside others while requests wait: twice the weight, twice the work.",
        "type": "number",
        "minimum": 0.001,
        "maximum": 1000
       },
       "tasks": {
        "description": "Limits of its durable tasks.",
        "type": "object",
        "properties": {
         "unfinishedMax": {
          "description": "Tasks that may wait or run at the same time; more are refused with 429. Else `tasks.unfinishedMax`.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000
         },
         "runningMax": {
          "description": "Tasks that may run at the same time, over all workers; more wait. Else as many as there are places.",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000000000
         }
        },
        "additionalProperties": false
       },
       "models": {
        "description": "What they get for a name, where it is not what everybody gets: `chat: chat@2` or `chat: chat-eu`. A deployment, an alias, or `model@version`.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "minLength": 1,
         "maxLength": 317
        }
       }
      },
      "additionalProperties": false,
      "description": "What is wanted."
     }
    },
    "required": [
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "Key": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Key",
      "description": "An API key; only its hash is kept."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "tenant": {
        "default": "default",
        "description": "The Tenant that requests with this key belong to.",
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
       },
       "scopes": {
        "default": [
         "infer"
        ],
        "description": "`infer`: use models. `read`: see resources. `write`: change models and deployments. `admin`: all, keys included.",
        "minItems": 1,
        "type": "array",
        "items": {
         "type": "string",
         "enum": [
          "infer",
          "read",
          "write",
          "admin"
         ]
        }
       },
       "priority": {
        "default": "standard",
        "description": "The highest class that requests with this key may ask for by `x-priority`; a higher one is lowered to it.",
        "type": "string",
        "enum": [
         "critical",
         "standard",
         "batch"
        ]
       },
       "weight": {
        "default": 1,
        "description": "Its share beside others while requests wait: twice the weight, twice the work.",
        "type": "number",
        "minimum": 0.001,
        "maximum": 1000
       },
       "expiresAt": {
        "description": "After this it is refused; RFC 3339 in UTC.",
        "type": "string",
        "format": "date-time",
        "pattern": "^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$"
       },
       "hash": {
        "description": "SHA-256 of the secret. Leave it out: a secret is then made and shown once.",
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       }
      },
      "required": [
       "tenant",
       "scopes",
       "priority",
       "weight"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     },
     "status": {
      "description": "What is. Written by the platform; ignored in what you send.",
      "type": "object",
      "properties": {},
      "additionalProperties": false
     }
    },
    "required": [
     "apiVersion",
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "KeyList": {
    "type": "object",
    "properties": {
     "metadata": {
      "type": "object",
      "properties": {
       "resourceVersion": {
        "type": "string"
       }
      }
     },
     "items": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Key"
      }
     }
    },
    "required": [
     "items"
    ]
   },
   "KeyInput": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Key",
      "description": "An API key; only its hash is kept."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "tenant": {
        "default": "default",
        "description": "The Tenant that requests with this key belong to.",
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"
       },
       "scopes": {
        "default": [
         "infer"
        ],
        "description": "`infer`: use models. `read`: see resources. `write`: change models and deployments. `admin`: all, keys included.",
        "minItems": 1,
        "type": "array",
        "items": {
         "type": "string",
         "enum": [
          "infer",
          "read",
          "write",
          "admin"
         ]
        }
       },
       "priority": {
        "default": "standard",
        "description": "The highest class that requests with this key may ask for by `x-priority`; a higher one is lowered to it.",
        "type": "string",
        "enum": [
         "critical",
         "standard",
         "batch"
        ]
       },
       "weight": {
        "default": 1,
        "description": "Its share beside others while requests wait: twice the weight, twice the work.",
        "type": "number",
        "minimum": 0.001,
        "maximum": 1000
       },
       "expiresAt": {
        "description": "After this it is refused; RFC 3339 in UTC.",
        "type": "string",
        "format": "date-time",
        "pattern": "^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z))$"
       },
       "hash": {
        "description": "SHA-256 of the secret. Leave it out: a secret is then made and shown once.",
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       }
      },
      "additionalProperties": false,
      "description": "What is wanted."
     }
    },
    "required": [
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "Replica": {
    "type": "object",
    "properties": {
     "apiVersion": {
      "default": "millrace.dev/v1",
      "description": "Always `millrace.dev/v1`.",
      "type": "string",
      "const": "millrace.dev/v1"
     },
     "kind": {
      "type": "string",
      "const": "Replica",
      "description": "One running copy of a deployment."
     },
     "metadata": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "Unique among the resources of its kind."
       },
       "labels": {
        "description": "Short values to select by.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "annotations": {
        "description": "Notes for people and tools.",
        "type": "object",
        "additionalProperties": {
         "type": "string",
         "maxLength": 4096
        }
       },
       "resourceVersion": {
        "description": "Set by the platform. Sent back with a change, the change is refused (409) if someone else was faster.",
        "type": "string"
       },
       "generation": {
        "description": "Set by the platform; grows when `spec` changes.",
        "type": "integer"
       },
       "createdAt": {
        "description": "Set by the platform; RFC 3339.",
        "type": "string"
       }
      },
      "required": [
       "name"
      ],
      "additionalProperties": false,
      "description": "Name, labels and what the platform keeps about it."
     },
     "spec": {
      "type": "object",
      "properties": {
       "deployment": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "The Deployment it belongs to."
       },
       "model": {
        "type": "string",
        "minLength": 1,
        "maxLength": 253,
        "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        "description": "The Model it serves."
       },
       "version": {
        "type": "string",
        "description": "The version it serves."
       },
       "generation": {
        "type": "integer",
        "description": "The deployment's generation it was started for."
       },
       "engine": {
        "type": "string",
        "description": "The engine that runs it."
       },
       "substrate": {
        "type": "string",
        "description": "Where it runs."
       },
       "node": {
        "description": "The node that runs it; absent where one process is the platform.",
        "type": "string"
       },
       "address": {
        "description": "Which of the deployment's `spec.engine.urls` it stands for.",
        "type": "string"
       }
      },
      "required": [
       "deployment",
       "model",
       "version",
       "generation",
       "engine",
       "substrate"
      ],
      "additionalProperties": false,
      "description": "What is wanted."
     },
     "status": {
      "description": "What is. Written by the platform; ignored in what you send.",
      "type": "object",
      "properties": {
       "state": {
        "type": "string",
        "enum": [
         "starting",
         "loading",
         "ready",
         "draining",
         "stopping",
         "failed"
        ],
        "description": "Requests go to `ready` replicas only."
       },
       "since": {
        "type": "string",
        "description": "When it came into this state; RFC 3339."
       },
       "message": {
        "description": "Why it failed, is being stopped, or does not answer while it should load.",
        "type": "string"
       },
       "endpoint": {
        "description": "Where it listens.",
        "type": "string"
       },
       "identity": {
        "description": "What tells it from every other process: for adoption after a restart.",
        "type": "object",
        "additionalProperties": {
         "type": [
          "string",
          "number"
         ]
        }
       },
       "loadedFraction": {
        "description": "While loading: how far it is.",
        "type": "number",
        "minimum": 0,
        "maximum": 1
       },
       "remainingMs": {
        "description": "While loading: how long the rest should take.",
        "type": "number"
       },
       "concurrency": {
        "description": "Requests it works on at once.",
        "type": "integer"
       }
      },
      "required": [
       "state",
       "since"
      ],
      "additionalProperties": false
     }
    },
    "required": [
     "apiVersion",
     "kind",
     "metadata",
     "spec"
    ],
    "additionalProperties": false
   },
   "ReplicaList": {
    "type": "object",
    "properties": {
     "metadata": {
      "type": "object",
      "properties": {
       "resourceVersion": {
        "type": "string"
       }
      }
     },
     "items": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Replica"
      }
     }
    },
    "required": [
     "items"
    ]
   }
  }
 }
};
