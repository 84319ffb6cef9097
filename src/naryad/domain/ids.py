"""Identifiers, each its own type. All are UUIDv7 and may be chosen by the client."""

from typing import NewType
from uuid import UUID

AccountId = NewType("AccountId", UUID)
UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
DeviceId = NewType("DeviceId", UUID)
JobId = NewType("JobId", UUID)
TemplateId = NewType("TemplateId", UUID)
OperationId = NewType("OperationId", UUID)
ConflictId = NewType("ConflictId", UUID)
IntentId = NewType("IntentId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
UploadId = NewType("UploadId", UUID)
FileId = NewType("FileId", UUID)
