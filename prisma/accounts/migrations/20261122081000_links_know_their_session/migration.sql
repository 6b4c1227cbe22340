-- Who links an identity does so in a session: when it ends, so does the link. Links under way now have none and must be begun again.
ALTER TABLE "login_attempt" ADD COLUMN "session_id" TEXT;
