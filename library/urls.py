from django.urls import path

from library import views

app_name = "library"
urlpatterns = [path("lessons/", views.lessons, name="lessons")]
