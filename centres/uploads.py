"""Where the browser's files lie while a page reads them."""

import tempfile

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class NamelessFile(UploadedFile):
    """A file on the disk that has no name there: with its process it is gone, however that ends."""

    def __init__(self, name, content_type, charset, content_type_extra):
        kept = tempfile.TemporaryFile()  # noqa: SIM115 - the request closes it
        super().__init__(kept, name, content_type, 0, charset, content_type_extra)


class NamelessUploads(FileUploadHandler):
    """Takes what is too large for the memory. Lists of people must not stay behind where no one looks after them."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.file = NamelessFile(self.file_name, self.content_type, self.charset, self.content_type_extra)

    def receive_data_chunk(self, raw_data, start):
        self.file.write(raw_data)

    def file_complete(self, file_size):
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self):
        if hasattr(self, "file"):
            self.file.close()
