import { z } from 'zod';

const textCharactersMax = 65_536;

/** `POST /v1/feedback`: what somebody thinks of an answer. */
export const feedbackRequest = z
  .strictObject({
    request_id: z.string().min(1).max(128).describe('The `x-request-id` of the answer.'),
    rating: z.number().int().min(1).max(5).optional().describe('From 1, useless, to 5, perfect.'),
    correction: z.string().max(textCharactersMax).optional().describe('What the answer should have been.'),
    subject: z
      .string()
      .max(256)
      .optional()
      .describe('Whom or what the answer was about, to find it again, for example to delete it.'),
  })
  .refine((given) => given.rating !== undefined || given.correction !== undefined, {
    message: 'needs a "rating" or a "correction"',
  });

export type FeedbackRequest = z.infer<typeof feedbackRequest>;

const ratingBadMax = 2;

/** Whether it speaks against the answer: a rating of 1 or 2, or a correction without a better one. */
export function isBadFeedback({ rating }: Pick<FeedbackRequest, 'rating' | 'correction'>): boolean {
  return rating === undefined || rating <= ratingBadMax;
}
